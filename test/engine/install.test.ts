import assert from "node:assert/strict";
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installEngine, missingRealParts, pluginProgram, standInPlugins } from "../../lab/engine/install";
import { requiredPackages } from "../../lab/engine/languageHost/requiredPackages";
import { buildStandIns } from "./support/standIns";

describe("installing the engine", () => {
    let directory: string;
    let pulumiBinary: string;

    before(async function () {
        this.timeout(0);
        buildStandIns();
        directory = await mkdtemp(join(tmpdir(), "quorate-install-"));
        pulumiBinary = join(directory, "download", "pulumi");
        await mkdir(dirname(pulumiBinary));
        await writeFile(pulumiBinary, "#!/bin/sh\n", { mode: 0o755 });
    });
    after(() => rm(directory, { recursive: true, force: true }));

    it("lays out the engine's program, the language host beside it and the plugins at home", async () => {
        const engine = await installEngine({ pulumiBinary, directory: join(directory, "engine") });
        const bin = engine.PATH.split(":")[0] ?? "";
        assert.equal(dirname(realpathSync(join(bin, "pulumi"))), realpathSync(bin));
        assert.ok(existsSync(join(bin, "pulumi-language-nodejs")));
        for (const plugin of standInPlugins)
            assert.ok(statSync(pluginProgram(engine.PULUMI_HOME, plugin)).mode & 0o100);
        assert.equal(engine.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, "true");
    });

    it("changes nothing the second time", async () => {
        const into = join(directory, "engine");
        const stamp = (path: string) => `${statSync(path).ino} ${statSync(path).mtimeMs}`;
        const engine = await installEngine({ pulumiBinary, directory: into });
        const files = [join(into, "bin/pulumi"), join(into, "bin/pulumi-language-nodejs")];
        files.push(...standInPlugins.map((plugin) => pluginProgram(engine.PULUMI_HOME, plugin)));
        const before = files.map(stamp);
        assert.deepEqual(await installEngine({ pulumiBinary, directory: into }), engine);
        assert.deepEqual(files.map(stamp), before);
    });

    it("names a pulumi that is missing", async () => {
        const missing = join(directory, "none");
        await assert.rejects(
            installEngine({ pulumiBinary: missing, directory }),
            new RegExp(`pulumi is missing: ${missing}`),
        );
    });

    it("tells which real parts are missing", async () => {
        const missing = await missingRealParts(join(directory, "nobody"));
        for (const plugin of standInPlugins)
            assert.ok(missing.includes(pluginProgram(join(directory, "nobody"), plugin)));
    });

    it("follows the versions of the npm packages", () => {
        const root = join(__dirname, "../..");
        const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
            dependencies: Record<string, string>;
        };
        const required = requiredPackages(root);
        for (const { name, version } of standInPlugins) {
            assert.equal(dependencies[`@pulumi/${name}`], version);
            assert.ok(required.some((found) => found.name === name && found.version === `v${version}`));
        }
    });
});
