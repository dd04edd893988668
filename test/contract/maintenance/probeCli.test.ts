import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../maintenance/cli/main";
import { probeReportSchema } from "../../../maintenance/probe/reportShape";
import { sampleSchema } from "../../../maintenance/probe/sample";
import { testAuthority, type TestAuthority } from "../../fakes/testCertificates";
import { startProbeApi, type ProbeApi } from "./probeApi";
import { loopbackInventory, loopbackKubeconfig } from "./probeCluster";
import { badGateway, hang, startProbeServer, type ProbeServer } from "./probeServer";

const ROOT = join(__dirname, "../../..");
/** The machine that runs the tests may be busy; whether the prober stalled is tested on its own. */
const PATIENT = ["--max-stall", "1m"];

describe("quorate probe", function () {
    this.timeout(60_000);
    let authority: TestAuthority;
    let web: ProbeServer;
    let api: ProbeApi;
    let folder: string;
    let outputs: string;

    before(() => {
        authority = testAuthority();
    });

    beforeEach(async () => {
        [web, api] = await Promise.all([startProbeServer(), startProbeApi(authority)]);
        folder = mkdtempSync(join(tmpdir(), "quorate-probe-"));
        outputs = join(folder, "outputs.json");
        const kubeconfig = loopbackKubeconfig(api.url, authority);
        const inventory = loopbackInventory({ web: web.port, api: api.port });
        writeFileSync(outputs, JSON.stringify({ inventory, kubeconfig }));
    });

    afterEach(async () => {
        rmSync(folder, { recursive: true });
        await Promise.all([web.close(), api.close()]);
    });

    /** Runs the command in this process. */
    async function probe(...args: readonly string[]) {
        const out: string[] = [];
        const err: string[] = [];
        const io = {
            environment: {},
            stdout: { write: (text: string) => out.push(text) },
            stderr: { write: (text: string) => err.push(text) },
            readStdin: () => Promise.resolve(""),
            exit: () => undefined,
        };
        const code = await run(["probe", "--outputs", outputs, ...PATIENT, ...args], io);
        return { code, stdout: out.join(""), stderr: err.join("") };
    }

    const ingress = () => ["--ingress-url", web.url, "--rate", "40"];

    it("finds nothing wrong with a cluster that serves, writes its files, and leaves nothing behind", async () => {
        const { code, stdout, stderr } = await probe(...ingress(), "--duration", "2s", "--out", join(folder, "a", "b"));
        assert.equal(code, 0, stdout + stderr);
        assert.match(stdout, /cluster sample: 0 of \d+ requests failed in 2 s: within budget\n$/);
        assert.match(stderr, /probing 9 targets, 50 requests a second, for 2s/);
        const text = (name: string) => readFileSync(join(folder, "a", "b", name), "utf8");
        const report = probeReportSchema.parse(JSON.parse(text("report.json")));
        const samples = text("samples.ndjson").trimEnd().split("\n");
        assert.equal(
            samples.length,
            report.targets.reduce((sum, { sent }) => sum + sent, 0),
        );
        samples.forEach((line) => sampleSchema.parse(JSON.parse(line)));
        assert.match(text("report.html"), /^<!doctype html>/);
        const writes = report.targets.filter(({ kind }) => kind === "api-write").reduce((sum, { ok }) => sum + ok, 0);
        assert.equal(report.targets.find(({ name }) => name === "api-watch")?.ok, writes);
        assert.equal(api.state.patches, writes);
        assert.deepEqual([...api.state.objects.keys()], []);
    });

    it("tells of failures, with the phase they fell into", async () => {
        web.manner = badGateway;
        const events = join(folder, "events.ndjson");
        const started = { time: Date.now() - 1000, host: "w1", phase: "drain", state: "started" };
        writeFileSync(events, JSON.stringify(started));
        const { code, stdout } = await probe(...ingress(), "--no-api", "--duration", "1s", "--events", events);
        assert.equal(code, 1);
        assert.match(stdout, /ingress\/(new|reused): status no server, during drain on w1\n/);
        assert.match(stdout, /: over budget\n {2}40 failed requests; the budget is 0\n$/);
    });

    it("is content with as many failures as the budget has", async () => {
        web.manner = badGateway;
        const args = [...ingress(), "--no-api", "--duration", "1s"];
        assert.equal((await probe(...args, "--budget-failed", "40")).code, 0);
        assert.equal((await probe(...args, "--budget-failed", "39")).code, 1);
        assert.equal((await probe(...args, "--budget-failed", "40", "--budget-outage", "100ms")).code, 1);
    });

    it("goes on asking while nothing is answered: an open loop", async () => {
        web.manner = hang;
        const { stdout } = await probe(...ingress(), "--no-api", "--duration", "1s", "--timeout", "3s", "--json");
        const { targets, closedLoop } = probeReportSchema.parse(JSON.parse(stdout));
        const counted = targets.filter((target) => target.counted);
        assert.deepEqual(
            counted.map(({ planned, failed }) => [planned, failed]),
            [
                [20, 20],
                [20, 20],
            ],
        );
        assert.deepEqual(closedLoop[0], { target: "ingress/new", requests: 1, failed: 1 });
    });

    it("is invalid when more is under way than allowed, whatever it found", async () => {
        web.manner = hang;
        const limits = ["--max-in-flight", "10", "--timeout", "2s"];
        const { code, stdout } = await probe(...ingress(), "--no-api", "--duration", "1s", ...limits);
        assert.equal(code, 2);
        assert.match(stdout, /: invalid\n(.*\n)* {2}\d+ requests could not be sent in time/);
    });

    it("notices writes of which the watch does not tell, although they succeed", async () => {
        api.state.telling = false;
        const { code, stdout } = await probe("--duration", "1s", "--timeout", "3s");
        assert.equal(code, 1);
        assert.match(stdout, /api-watch: unseen the watch did not tell of write \d+ within 3000 ms/);
    });

    it("opens a watch that ended again, from the present when its version is gone, and counts the gap", async () => {
        const running = probe("--duration", "3s", "--json");
        while (api.state.patches < 4) await new Promise(setImmediate);
        api.state.compact();
        const { code, stdout } = await running;
        assert.equal(code, 0, stdout);
        const { watch } = probeReportSchema.parse(JSON.parse(stdout));
        assert.ok(watch !== null && watch.opened >= 2 && watch.gaps.length >= 1, JSON.stringify(watch));
        assert.ok(watch.gaps.every(({ milliseconds }) => milliseconds >= 0));
    });

    it("quotes the API server's message when reads and writes fail", async () => {
        const running = probe("--duration", "2s");
        while (api.state.patches < 2) await new Promise(setImmediate);
        api.state.failing = 500;
        const { code, stdout } = await running;
        assert.equal(code, 1);
        assert.match(stdout, /api-(read|write)\/(new|reused): status etcdserver: leader changed/);
    });

    it("is invalid when the API cannot be had from the start", async () => {
        await api.close();
        const { code, stderr } = await probe("--duration", "1s");
        assert.equal(code, 2);
        assert.match(stderr, /ConfigMap default\/quorate-probe-\w+ could not be made at 127\.0\.0\.1:\d+: refused: /);
        api = await startProbeApi(authority);
    });

    for (const [what, args, message] of [
        ["nothing to probe", ["--no-api"], /--ingress-url: is missing and --no-api is given/],
        ["an address that is none", ["--ingress-url", "10.89.0.10"], /--ingress-url: 10\.89\.0\.10 is no address/],
        ["a rate of nothing", ["--rate", "0"], /expected a number, more than 0/],
        ["a share above 1", ["--min-rate", "2"], /expected a number, 0 or more and at most 1/],
        ["a budget that is no count", ["--budget-failed", "1.5"], /expected a whole number, 0 or more/],
    ] as const) {
        it(`refuses ${what} with 2`, async () => {
            const { code, stderr } = await probe(...args);
            assert.equal(code, 2);
            assert.match(stderr, message);
        });
    }

    /** Starts the command in a process of its own, and waits until it is at work. */
    async function start(...args: readonly string[]) {
        const main = ["--require", "ts-node/register/transpile-only", join(ROOT, "maintenance/cli/main.ts")];
        const all = ["probe", "--outputs", outputs, ...ingress(), "--out", folder, ...args];
        const child = spawn(process.execPath, [...main, ...all], { cwd: ROOT, stdio: "ignore" });
        const ended = new Promise((resolve) => child.on("exit", (code, by) => resolve(code ?? by)));
        while (web.requests < 40 || api.state.patches < 4) await pause(20);
        return { child, ended };
    }

    const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const report = () => probeReportSchema.parse(JSON.parse(readFileSync(join(folder, "report.json"), "utf8")));

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        it(`ends at ${signal} with its report and its verdict`, async () => {
            const { child, ended } = await start(...PATIENT);
            child.kill(signal);
            assert.equal(await ended, 0);
            assert.equal(report().verdict, "within budget");
            assert.deepEqual([...api.state.objects.keys()], []);
        });
    }

    it("is invalid when the prober itself was stopped meanwhile, although every request succeeded", async () => {
        const { child, ended } = await start("--max-stall", "500ms");
        child.kill("SIGSTOP");
        await pause(1500);
        child.kill("SIGCONT");
        const before = web.requests;
        while (web.requests < before + 20) await pause(20);
        child.kill("SIGTERM");
        assert.equal(await ended, 2);
        const { invalid, failures } = report();
        assert.match(
            invalid.join("\n"),
            /the prober itself stood still for \d{4,} ms|requests were sent up to \d{4,} ms/,
        );
        assert.deepEqual(failures, []);
    });
});
