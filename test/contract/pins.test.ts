import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

const checkout = path.resolve(__dirname, "../..");

function json(file: string): Record<string, Record<string, unknown>> {
    return JSON.parse(readFileSync(path.join(checkout, file), "utf8")) as Record<string, Record<string, unknown>>;
}

const declared = () => {
    const { dependencies, devDependencies } = json("package.json");
    return Object.entries({ ...dependencies, ...devDependencies });
};

describe("npm packages", () => {
    it("are declared by exact version", () => {
        assert.ok(declared().length > 0);
        for (const [name, version] of declared()) assert.match(String(version), /^\d+\.\d+\.\d+$/, name);
    });

    for (const [name, version] of declared()) {
        it(`have ${name} installed and locked as declared`, () => {
            // @pulumi/policy writes a v in front of its own version.
            assert.equal(String(json(`node_modules/${name}/package.json`)["version"]).replace(/^v/, ""), version);
            const locked = json("package-lock.json")["packages"]?.[`node_modules/${name}`];
            assert.equal((locked as { version?: string } | undefined)?.version, version);
        });
    }

    // The registry's `latest`, 4.5.0, is an old build that was published by mistake.
    it("have @pulumi/command at 1.2.1", () => {
        assert.equal(json("package.json")["dependencies"]?.["@pulumi/command"], "1.2.1");
        assert.equal(json("node_modules/@pulumi/command/package.json")["version"], "1.2.1");
    });

    it("are locked with a checksum each", () => {
        const packages = Object.entries(json("package-lock.json")["packages"] ?? {}).filter(([name]) => name !== "");
        assert.ok(packages.length > 0);
        for (const [name, locked] of packages) {
            assert.match(String((locked as { integrity?: string }).integrity), /^sha(512|1)-/, name);
        }
    });
});
