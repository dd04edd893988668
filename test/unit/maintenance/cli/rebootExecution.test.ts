import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RebootPlan } from "../../../../maintenance/actions/reboot/rebootPlan";
import { readSettings, writeSettings } from "../../../../maintenance/actions/reboot/runSettings";
import { plannedHosts } from "../../../../maintenance/actions/reboot/rebootPlan";
import { carryOut } from "../../../../maintenance/cli/carryOut";
import { parseEvents } from "../../../../maintenance/probe/maintenanceEvents";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { assertNothingLeft } from "../actions/reboot/simulation/invariants";
import { blindLaneSources } from "../observe/simLaneSources";
import { SETTINGS } from "../actions/reboot/simulation/simSession";
import { quietWorld, type World } from "../actions/reboot/simulation/world";
import { simExecution, type Change } from "./simExecution";

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

    const start = (world: World, change: Change = {}) => simExecution(world, folder, PLAN, change);

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

    it("ends with 4 when the cluster is not well after the last host, and says why", async () => {
        const world = quietWorld(sampleInventory());
        const { execution, printed } = await start(world);
        const { hosts } = execution.ports;
        const order = hosts.reboot.bind(hosts);
        hosts.reboot = async (name) => {
            await order(name);
            if (name === plannedHosts(PLAN).at(-1)) world.hosts.get("w2")!.readyAt = Infinity;
        };
        assert.equal(await carryOut(execution), 4);
        assert.match(
            printed().err,
            /all hosts of the plan are rebooted; the cluster is not well after them: node w2 is not Ready .*look at `quorate status`/,
        );
        assert.equal(world.lease?.holder, "");
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
            /w1 failed in phase reboot: .*no other host was touched.*quorate resume.*quorate abort.*when w1 is gone for good, take it out of the configuration .*quorate unlock --run run-1/,
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

    it("leaves nothing of the killed attempt before when its prober does not start", async () => {
        const world = quietWorld(sampleInventory());
        world.hosts.get("w1")!.avoided = true;
        world.mirror = "{}";
        const { execution } = await start(world, { probe: true });
        await assert.rejects(carryOut(execution), /^Error: the prober ended with exit status/);
        assertNothingLeft(world);
        assert.equal(world.lease?.holder, "");
        assert.deepEqual(
            execution.journal.entries.map((entry) => entry.kind === "end" && entry.outcome),
            ["stopped"],
        );
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
