import assert from "node:assert/strict";
import path from "node:path";
import { ESLint } from "eslint";

const ARROWS = ["no-restricted-syntax", "no-restricted-imports"];

/** Arrows need no types, and without them the answer comes at once. */
const eslint = new ESLint({
    cwd: path.resolve(__dirname, "../.."),
    overrideConfig: { files: ["**/*.ts"], languageOptions: { parserOptions: { projectService: false } } },
    ruleFilter: ({ ruleId }) => ARROWS.includes(ruleId),
});

async function reported(file: string, imported: string): Promise<readonly string[]> {
    const results = await eslint.lintText(`import * as it from "${imported}";\nexport const all = it;\n`, {
        filePath: file,
    });
    return results.flatMap(({ messages }) => messages.map(({ message }) => message));
}

describe("an import", () => {
    for (const [file, imported] of [
        ["model/version.ts", "./duration"],
        ["model/version.ts", "zod"],
        ["steps/remoteCommand.ts", "../model/version"],
        ["components/host/host.ts", "../../model/version"],
        ["components/host/host.ts", "../../steps/remoteCommand"],
        ["components/host/host.ts", "../command/hostCommand"],
        ["components/artifacts/catalogue.ts", "./releases.json"],
        ["stacks/cluster.ts", "../components/cluster/haCluster"],
        ["maintenance/cli/main.ts", "../../model/inventory"],
        ["maintenance/ports/ssh.ts", "../../steps/remoteCommand"],
        ["maintenance/ports/stackOutputs.ts", "@pulumi/pulumi/automation"],
        ["lab/main.ts", "../components/artifacts/catalogue"],
        ["test/unit/lab/wait.test.ts", "../../../lab/wait"],
    ] as const) {
        it(`of ${imported} is fine in ${file}`, async () => assert.deepEqual(await reported(file, imported), []));
    }

    for (const [file, imported, message] of [
        ["model/version.ts", "../components/host/host", /model may import itself\./],
        ["model/version.ts", "../maintenance/cli/main", /model may import itself\./],
        ["steps/remoteCommand.ts", "../components/host/host", /steps may import itself, model\./],
        ["components/host/host.ts", "../../stacks/config", /components may import itself, model, steps\./],
        ["components/host/host.ts", "../../maintenance/cli/main", /components may import itself, model, steps\./],
        ["components/host/host.ts", "../../lab/topology", /components may import itself, model, steps\./],
        ["components/host/host.ts", "../../test/fakes/fakeClock", /components may import itself, model, steps\./],
        ["stacks/cluster.ts", "../maintenance/cli/main", /stacks may import itself, model, components\./],
        ["stacks/cluster.ts", "../lab/topology", /stacks may import itself, model, components\./],
        [
            "maintenance/cli/main.ts",
            "../../components/artifacts/catalogue",
            /maintenance may import itself, model, steps\./,
        ],
        ["maintenance/cli/main.ts", "../../stacks/config", /maintenance may import itself, model, steps\./],
        ["maintenance/cli/main.ts", "@pulumi/pulumi", /Only ports\/stackOutputs\.ts talks to Pulumi/],
        ["maintenance/cli/main.ts", "@pulumi/pulumi/automation", /Only ports\/stackOutputs\.ts talks to Pulumi/],
        ["lab/main.ts", "../stacks/config", /lab may import itself, model, components\/artifacts\./],
        ["lab/main.ts", "../components/host/host", /lab may import itself, model, components\/artifacts\./],
        ["lab/main.ts", "../maintenance/cli/main", /lab may import itself, model, components\/artifacts\./],
    ] as const) {
        it(`of ${imported} is refused in ${file}`, async () => {
            const [first, ...others] = await reported(file, imported);
            assert.match(first ?? "nothing was reported", message);
            assert.deepEqual(others, []);
        });
    }

    it("is checked however it is written", async () => {
        const filePath = "model/version.ts";
        for (const code of ['export * from "../stacks/config";', 'await import("../stacks/config");']) {
            const [result] = await eslint.lintText(code, { filePath });
            assert.equal(result?.messages.length, 1, code);
        }
    });
});
