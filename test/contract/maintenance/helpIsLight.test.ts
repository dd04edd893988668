import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "../../..");
/** Packages that help has no use for and that take long to load; `quorate --help` has half a second for everything. */
const HEAVY = ["@kubernetes/client-node", "@pulumi/", "ssh2", "cli-table3", "p-limit"];

/** Names of all packages that the command line loads, found in a process of its own. */
function loadedPackages(args: readonly string[]): string[] {
    const program = `
        process.argv = [process.argv[0], "quorate"];
        const { run } = require(${JSON.stringify(join(ROOT, "maintenance/cli/main.ts"))});
        const io = { environment: {}, stdout: { write() {} }, stderr: { write() {} }, readStdin: async () => "", exit() {} };
        run(${JSON.stringify(args)}, io).then(() => process.stdout.write(JSON.stringify(Object.keys(require.cache))));`;
    const output = execFileSync(process.execPath, ["--require", "ts-node/register/transpile-only", "--eval", program], {
        cwd: ROOT,
        encoding: "utf8",
    });
    const files = JSON.parse(output.slice(output.indexOf("["))) as string[];
    return files
        .filter((file) => file.includes("/node_modules/"))
        .map((file) => file.split("/node_modules/").at(-1) ?? "");
}

describe("quorate --help", () => {
    const commands = ["status", "reboot", "resume", "probe", "leave"];
    for (const args of [["--help"], ...commands.map((command) => [command, "--help"])]) {
        it(`${args.join(" ")} loads no heavy package`, function () {
            this.timeout(20_000);
            const loaded = loadedPackages(args);
            assert.ok(
                loaded.some((file) => file.startsWith("commander/")),
                "the test sees what is loaded",
            );
            assert.deepEqual(
                loaded.filter((file) => HEAVY.some((name) => file.startsWith(name))),
                [],
            );
        });
    }
});
