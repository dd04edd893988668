import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseOutputs, readStackOutputs } from "../../../../maintenance/ports/stackOutputs";
import { ConfigError } from "../../../../model/configError";
import { sampleInventory } from "../../../fakes/sampleCluster";

const inventory = sampleInventory();

describe("stack outputs", () => {
    it("hold the inventory and, when secrets are shown, the kubeconfig", () => {
        const shown = parseOutputs(JSON.stringify({ inventory, kubeconfig: "apiVersion: v1" }), "test");
        assert.deepEqual(shown, { inventory, kubeconfig: "apiVersion: v1" });
        for (const kubeconfig of ["[secret]", "", undefined]) {
            assert.equal(parseOutputs(JSON.stringify({ inventory, kubeconfig }), "test").kubeconfig, undefined);
        }
    });

    for (const [what, text, says] of [
        ["no JSON", "nope", /is not the JSON/],
        ["a list", "[]", /is not the JSON/],
        ["no inventory", "{}", /inventory: is missing; expected the outputs of a quorate cluster stack/],
        [
            "another version of the inventory",
            JSON.stringify({ inventory: { ...inventory, schemaVersion: 2 } }),
            /schemaVersion: is 2; this quorate reads 1/,
        ],
    ] as const) {
        it(`are refused when they are ${what}`, () => {
            assert.throws(
                () => parseOutputs(text, "test"),
                (error: Error) => error instanceof ConfigError && says.test(error.message),
            );
        });
    }
});

describe("asking Pulumi for outputs", () => {
    let folder: string;
    const path = process.env.PATH;
    const source = { kind: "stack", stack: "lab", cwd: "/project", showSecrets: true } as const;

    /** A program named pulumi, first on PATH, that logs its arguments. */
    const pulumi = (script: string) => {
        writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho "$@" >> ${folder}/log\n${script}\n`);
        chmodSync(join(folder, "pulumi"), 0o755);
        process.env.PATH = `${folder}:${path}`;
    };
    const calls = () => readFileSync(join(folder, "log"), "utf8").trim().split("\n");

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "quorate-pulumi-"));
        writeFileSync(join(folder, "outputs"), JSON.stringify({ inventory, kubeconfig: "k" }));
    });

    afterEach(() => {
        process.env.PATH = path;
        rmSync(folder, { recursive: true });
    });

    it("takes one call", async () => {
        pulumi(`cat ${folder}/outputs`);
        assert.equal((await readStackOutputs(source)).kubeconfig, "k");
        assert.deepEqual(calls(), ["stack output --json --non-interactive --stack lab --cwd /project --show-secrets"]);
    });

    it("does without secrets when they cannot be had", async () => {
        pulumi(
            `case "$*" in *--show-secrets*) echo "passphrase must be set" >&2; exit 255;; esac; echo '{"inventory":'$(cat ${folder}/outputs | sed 's/^{"inventory"://; s/,"kubeconfig":"k"}$//')'}'`,
        );
        const outputs = await readStackOutputs(source);
        assert.equal(outputs.kubeconfig, undefined);
        assert.equal(calls().length, 2);
    });

    it("tells what Pulumi says when there is no such stack", async () => {
        pulumi(`echo "error: no stack named 'lab' found" >&2; exit 255`);
        await assert.rejects(readStackOutputs(source), (error: Error) => {
            assert.ok(error instanceof ConfigError);
            assert.match(error.message, /pulumi in \/project says: error: no stack named 'lab' found/);
            return true;
        });
    });
});
