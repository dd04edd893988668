import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RebootPlan } from "../../../../maintenance/actions/reboot/rebootPlan";
import { readSettings, writeSettings } from "../../../../maintenance/actions/reboot/runSettings";
import { carryOut } from "../../../../maintenance/cli/carryOut";
import type { Execution } from "../../../../maintenance/cli/execution";
import type { Io } from "../../../../maintenance/cli/io";
import { parseEvents } from "../../../../maintenance/probe/maintenanceEvents";
import { openJournalFile } from "../../../../maintenance/workflow/journalFile";
import { RunLock } from "../../../../maintenance/workflow/runLock";
import { Duration } from "../../../../model/duration";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { assertNothingLeft } from "../actions/reboot/simulation/invariants";
import { random } from "../actions/reboot/simulation/random";
import { blindLaneSources, simLaneSources } from "../observe/simLaneSources";
import { simPorts } from "../actions/reboot/simulation/simPorts";
import { SETTINGS } from "../actions/reboot/simulation/simSession";
import { quietWorld, type World } from "../actions/reboot/simulation/world";

const PLAN: RebootPlan = {
    steps: [
        { role: "worker", hosts: ["w1"] },
        { role: "load-balancer", hosts: ["lb1"] },
    ],
    skipped: [],
};

describe("a run with everything around it", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "run-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    async function start(
        world: World,
        change: { interrupt?: true; notify?: string; json?: true; hookBefore?: string } = {},
    ) {
        let out = "";
        let err = "";
        const io: Io = {
            environment: {},
            stdout: { write: (text) => (out += text) },
            stderr: { write: (text) => (err += text) },
            readStdin: () => Promise.resolve(""),
            exit: () => undefined,
            onInterrupt: (stop) => change.interrupt && stop(),
        };
        const ports = simPorts(world, random(1), () => undefined);
        const lock = await RunLock.acquire({
            store: ports.lease,
            clock: ports.clock,
            holder: { user: "ann", machine: "bastion", pid: 1, runId: "run-1" },
            monotonic: () => world.now,
            isAlive: () => false,
            hasEnded: () => false,
        });
        const { notify, json = false, hookBefore } = change;
        const execution: Execution = {
            cluster: {
                inventory: world.inventory,
                ports: () => ports,
                laneSources: () => simLaneSources(world),
                close: () => undefined,
            },
            ports,
            options: { cwd: "/", json, timeout: Duration.seconds(1), probe: false, ...(notify ? { notify } : {}) },
            io,
            runId: "run-1",
            folder,
            journal: openJournalFile(join(folder, "journal.ndjson"), ports.clock),
            lock,
            plan: PLAN,
            settings: { ...SETTINGS, hookBefore },
        };
        return { execution, printed: () => ({ out, err }) };
    }

    it("ends with 0, the lock free, and its events where the prober finds them", async () => {
        const world = quietWorld(sampleInventory());
        const { execution, printed } = await start(world);
        assert.equal(await carryOut(execution), 0);
        assert.equal(world.lease?.holder, "");
        assertNothingLeft(world);
        const { phases, unreadableLines } = parseEvents(readFileSync(join(folder, "events.ndjson"), "utf8"));
        assert.equal(unreadableLines, 0);
        assert.ok(
            phases.some(({ host, phase, state }) => host === "lb1" && phase === "reboot" && state === "finished"),
        );
        assert.match(printed().err, /w1: cordon: cordon w1\n[^]*w1: done\n[^]*all hosts of the plan are rebooted/);
        assert.equal(printed().out, "");
    });

    it("writes among its events what it sees of the cluster meanwhile", async () => {
        const { execution } = await start(quietWorld(sampleInventory()));
        await carryOut(execution);
        const { lanes, unreadableLines } = parseEvents(readFileSync(join(folder, "events.ndjson"), "utf8"));
        assert.equal(unreadableLines, 0);
        const seen = lanes.map(({ lane, subject, value }) => `${lane} ${subject}: ${value}`);
        assert.ok(seen.includes("virtual-address 10.89.0.10: lb1"), seen.join("\n"));
        assert.ok(seen.includes("balancer-server lb2/ingress-http/cp3: up"), seen.join("\n"));
        assert.ok(seen.includes("etcd-leader sample: cp1"), seen.join("\n"));
        assert.ok(seen.includes("node w1: Ready"), seen.join("\n"));
    });

    it("goes on when nothing can be seen of the cluster", async () => {
        const world = quietWorld(sampleInventory());
        const { execution } = await start(world);
        const cluster = { ...execution.cluster, laneSources: () => blindLaneSources };
        assert.equal(await carryOut({ ...execution, cluster }), 0);
        const { lanes } = parseEvents(readFileSync(join(folder, "events.ndjson"), "utf8"));
        assert.ok(lanes.length > 0 && lanes.every(({ value }) => value === "no answer"));
    });

    it("prints the same events for programs", async () => {
        const { execution, printed } = await start(quietWorld(sampleInventory()), { json: true });
        await carryOut(execution);
        assert.equal(printed().out, readFileSync(join(folder, "events.ndjson"), "utf8"));
    });

    it("keeps the lock and says what to do when a host is stuck (F52)", async () => {
        const world = quietWorld(sampleInventory());
        world.hosts.get("w1")!.trouble = "never-back";
        const { execution } = await start(world);
        await assert.rejects(
            carryOut(execution),
            /w1 failed in phase reboot: .*no other host was touched.*quorate resume.*quorate abort/,
        );
        assert.match(world.lease?.holder ?? "", /run run-1/);
        assert.equal(world.hosts.get("lb1")!.boots, 0);
    });

    it("gives the lock up when a hook before a host fails: nothing is left on any host", async () => {
        const world = quietWorld(sampleInventory());
        const { execution, printed } = await start(world, { hookBefore: "exit 3" });
        assert.equal(await carryOut(execution), 4);
        assert.match(
            printed().err,
            /reboot of w1 refused: --hook-before: the command ended with exit status 3; expected 0; .*not rebooted: w1, lb1/,
        );
        assert.equal(world.lease?.holder, "");
        assertNothingLeft(world);
    });

    it("ends with 130 and nothing half done when it is interrupted", async () => {
        const world = quietWorld(sampleInventory());
        const { execution, printed } = await start(world, { interrupt: true });
        assert.equal(await carryOut(execution), 130);
        assert.match(printed().err, /nothing is left half done; not rebooted: w1, lb1; `quorate resume` goes on/);
        assert.equal(world.lease?.holder, "");
    });

    it("tells a webhook of start and end, and goes on when that does not answer", async () => {
        const told: unknown[] = [];
        const server = createServer((request, response) => {
            let body = "";
            request.on("data", (chunk) => (body += String(chunk)));
            request.on("end", () => {
                told.push((JSON.parse(body) as { state: string }).state);
                response.writeHead(told.length === 1 ? 204 : 500).end();
            });
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        try {
            const { execution, printed } = await start(quietWorld(sampleInventory()), {
                notify: `http://127.0.0.1:${port}/`,
            });
            assert.equal(await carryOut(execution), 0);
            assert.deepEqual(told, ["started", "finished"]);
            assert.match(printed().err, /warning: the webhook answered 500/);
        } finally {
            server.closeAllConnections();
            server.close();
        }
    });
});

describe("a run's settings", () => {
    it("come back from the journal as they were written", () => {
        const settings = { ...SETTINGS, window: "daily 01:00-04:00 UTC", hookBefore: "true", route: { path: "/" } };
        const read = readSettings(JSON.parse(JSON.stringify(writeSettings(settings))));
        assert.deepEqual(read, settings);
    });
});
