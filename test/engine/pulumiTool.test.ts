import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { kill, machineProcesses } from "../../lab/processes";
import { until } from "../../lab/wait";
import { probeReportSchema } from "../../maintenance/probe/reportShape";
import { loopbackInventory } from "../contract/maintenance/probeCluster";
import { startProbeServer, type ProbeServer } from "../contract/maintenance/probeServer";
import { pulumiProgram } from "./support/pulumiProgram";
import { buildStandIns } from "./support/standIns";

const ROOT = join(__dirname, "../..");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };

describe("quorate as a tool plugin of pulumi", function () {
    this.timeout(300_000);
    let folder: string;
    let pulumi: string;

    before(async function () {
        this.timeout(0);
        const found = await pulumiProgram();
        if ("missing" in found) {
            console.log(`    skipped: ${found.missing}`);
            return this.skip();
        }
        pulumi = found.path;
        folder = mkdtempSync(join(tmpdir(), "quorate-tool-"));
        // Compiles quorate, too: npm links to what is compiled.
        buildStandIns();
        const args = ["install", "--global", "--prefix", folder, "--ignore-scripts", "--offline", "--no-audit"];
        const { status, stderr } = spawnSync("npm", [...args, ROOT], { encoding: "utf8" });
        assert.equal(status, 0, stderr);
    });

    after(() => {
        if (folder === undefined) return;
        ours().forEach(({ pid }) => kill(pid));
        rmSync(folder, { recursive: true });
    });

    /** Processes of quorate that Pulumi has started from the folder. */
    const ours = () =>
        machineProcesses().filter(({ words }) => words.includes(join(folder, "bin/pulumi-tool-quorate")));

    /** Starts `pulumi plugin run quorate -- ARGS`. */
    function start(args: readonly string[], variables: NodeJS.ProcessEnv = {}): ChildProcess {
        return spawn(pulumi, ["--non-interactive", "--color", "never", "plugin", "run", "quorate", "--", ...args], {
            cwd: folder,
            env: {
                ...process.env,
                PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
                PULUMI_HOME: join(folder, "home"),
                PULUMI_SKIP_UPDATE_CHECK: "true",
                PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
                ...variables,
            },
            stdio: ["ignore", "pipe", "pipe"],
        });
    }

    async function run(...[args, variables]: Parameters<typeof start>) {
        const child = start(args, variables);
        const said = { stdout: "", stderr: "" };
        child.stdout?.on("data", (piece: Buffer) => (said.stdout += piece.toString()));
        child.stderr?.on("data", (piece: Buffer) => (said.stderr += piece.toString()));
        const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
        return { code, ...said };
    }

    it("is found on the PATH, and its output comes through", async () => {
        const { code, stdout, stderr } = await run(["--version"]);
        assert.equal(code, 0, stderr);
        assert.equal(stdout, `${version}\n`);
    });

    it("gets its arguments, and its exit status comes through", async () => {
        const { code, stderr } = await run(["status", "--timeout", "1s"]);
        assert.equal(code, 2, stderr);
        assert.match(stderr, /quorate: command line: 1 problem\n {2}--outputs or --stack: one is needed/);
    });

    it("is not found where Pulumi is told to leave the PATH alone", async () => {
        const { code, stderr } = await run(["--version"], { PULUMI_IGNORE_AMBIENT_PLUGINS: "true" });
        assert.notEqual(code, 0);
        assert.match(stderr, /pulumi-tool-quorate/);
    });

    describe("when pulumi is interrupted", () => {
        let web: ProbeServer;

        before(async () => {
            web = await startProbeServer();
        });
        after(() => web.close());

        for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
            it(`ends as at a signal of its own, at ${signal}`, async () => {
                const outputs = join(folder, "outputs.json");
                const out = join(folder, signal);
                writeFileSync(outputs, JSON.stringify({ inventory: loopbackInventory({ web: web.port, api: 1 }) }));
                const probe = ["probe", "--outputs", outputs, "--no-api", "--ingress-url", web.url, "--out", out];
                const before = web.requests;
                const child = start([...probe, "--max-stall", "1m"]);
                await until({
                    what: "quorate to be at work",
                    deadlineMs: 120_000,
                    observe: () => web.requests - before,
                    satisfied: (requests) => requests >= 40,
                    describe: (requests) => `${requests} requests`,
                });
                child.kill(signal);
                await until({
                    what: "quorate to end",
                    deadlineMs: 120_000,
                    observe: ours,
                    satisfied: (processes) => processes.length === 0,
                    describe: (processes) => processes.map(({ words }) => words.join(" ")).join("; "),
                });
                assert.ok(existsSync(join(out, "report.html")));
                const report = probeReportSchema.parse(JSON.parse(readFileSync(join(out, "report.json"), "utf8")));
                assert.equal(report.verdict, "within budget", report.invalid.join("; "));
            });
        }
    });
});
