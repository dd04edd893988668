import assert from "node:assert/strict";
import { join } from "node:path";
import { pulumiProject } from "../support/pulumiProject";

const STACKS = join(__dirname, "../../../stacks");

describe("a configuration that is refused", function () {
    this.timeout(0);
    const program = `import program = require(${JSON.stringify(STACKS)});\nexport = program;\n`;
    const project = pulumiProject({ "index.ts": program });

    const refused = async (...setting: readonly string[]) => {
        await project().succeed("config", "set", ...setting);
        const { code, output } = await project().run("preview");
        assert.notEqual(code, 0);
        assert.doesNotMatch(output, /^\s+at /m, "a stack trace");
        assert.doesNotMatch(output, /unhandled exception|non-zero exit code/);
        return output.slice(output.indexOf("Diagnostics:"));
    };

    it("is told once, every problem in its line, without a stack trace", async () => {
        const diagnostics = await refused("--path", "quorate:cluster.name", "X");
        assert.equal(diagnostics.match(/quorate:cluster: 6 problems/g)?.length, 1, diagnostics);
        assert.match(diagnostics, /error: quorate:cluster: 6 problems\n\s+name: "X" is not a name; .*\n\s+versions: /);
    });

    it("is told as shortly when it names no layer", async () => {
        const diagnostics = await refused("quorate:layer", "clusters");
        assert.equal(diagnostics.match(/quorate:layer is "clusters"; write one of/g)?.length, 1, diagnostics);
    });
});
