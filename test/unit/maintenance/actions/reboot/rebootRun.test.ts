import assert from "node:assert/strict";
import { fencedPorts } from "../../../../../maintenance/actions/reboot/fencedPorts";
import { HOST_PHASES } from "../../../../../maintenance/actions/reboot/hostPhases";
import { withHooks } from "../../../../../maintenance/actions/reboot/hooks";
import type { RebootPlan } from "../../../../../maintenance/actions/reboot/rebootPlan";
import type { RebootPorts } from "../../../../../maintenance/actions/reboot/rebootPorts";
import { rebootRun, type RebootRun } from "../../../../../maintenance/actions/reboot/rebootRun";
import { TurnFailed } from "../../../../../maintenance/actions/reboot/rebootTurn";
import { InterruptedError } from "../../../../../maintenance/workflow/interruptedError";
import type { Journal, JournalEntry } from "../../../../../maintenance/workflow/journal";
import { mirroredJournal } from "../../../../../maintenance/workflow/mirroredJournal";
import type { RunEvent } from "../../../../../maintenance/workflow/runReporter";
import { StopRequest } from "../../../../../maintenance/workflow/stopRequest";
import { parseWindow } from "../../../../../maintenance/workflow/window";
import { sampleInventory } from "../../../../fakes/sampleCluster";
import { assertNothingLeft } from "./simulation/invariants";
import { random } from "./simulation/random";
import { simPorts } from "./simulation/simPorts";
import { RUN_ID, SETTINGS } from "./simulation/simSession";
import { quietWorld, type World } from "./simulation/world";

const smallWorld = (): World => quietWorld(sampleInventory());

const plan = (...hosts: string[]): RebootPlan => ({
    steps: hosts.map((host) => ({ role: "worker", hosts: [host] })),
    skipped: [],
});

function runOf(world: World, change: Partial<RebootRun> & { plan: RebootPlan }) {
    const entries: JournalEntry[] = [];
    const events: RunEvent[] = [];
    const ports = simPorts(world, random(1), () => undefined);
    const journal: Journal = {
        entries,
        append: (entry) => Promise.resolve(void entries.push({ time: "", ...entry } as JournalEntry)),
    };
    const nothing = () => undefined;
    const run: RebootRun = {
        runId: RUN_ID,
        inventory: world.inventory,
        settings: SETTINGS,
        ports,
        journal: mirroredJournal(journal, ports.mirror, {}),
        reporter: {
            event: (event) => void events.push(event),
            observed: nothing,
            hostEnded: nothing,
            line: nothing,
            warn: nothing,
        },
        stop: new StopRequest(),
        phases: HOST_PHASES,
        window: undefined,
        ...change,
    };
    return { run, entries, events };
}

/** A budget that never lets a pod go. */
function block(world: World, node: string): World {
    world.pods.set("p", { uid: "p", owner: "app", storage: false, node, readyAt: 0 });
    return { ...world, budgets: [{ owner: "app", minAvailable: 1 }] };
}

describe("a run of a reboot plan", () => {
    it("puts a host back whose drain is blocked, and ends with the budget's name (F54)", async () => {
        const world = block(smallWorld(), "w1");
        const { run } = runOf(world, { plan: plan("w1", "w2") });
        const outcome = await rebootRun(run);
        assert.ok(outcome.kind === "refused");
        assert.match(outcome.why, /default\/p is held by PodDisruptionBudget default\/app/);
        assert.deepEqual(outcome.left, ["w1", "w2"]);
        assertNothingLeft(world);
    });

    it("goes on without that host with policy skip, and says so", async () => {
        const world = block(smallWorld(), "w1");
        const { run } = runOf(world, { plan: plan("w1", "w2"), settings: { ...SETTINGS, policy: "skip" } });
        assert.deepEqual(await rebootRun(run), { kind: "finished", skipped: ["w1"], unwell: "" });
        assert.deepEqual([world.hosts.get("w1")!.boots, world.hosts.get("w2")!.boots], [0, 1]);
        assertNothingLeft(world);
    });

    it("deletes the pod with policy force", async () => {
        const world = block(smallWorld(), "w1");
        const { run } = runOf(world, { plan: plan("w1"), settings: { ...SETTINGS, policy: "force" } });
        assert.equal((await rebootRun(run)).kind, "finished");
        assert.notEqual(world.pods.get("p")!.node, "w1");
    });

    it("leaves a node cordoned that a person has cordoned before (F55)", async () => {
        const world = smallWorld();
        world.hosts.get("w1")!.cordonedBy = "human";
        const { run } = runOf(world, { plan: plan("w1") });
        assert.equal((await rebootRun(run)).kind, "finished");
        assert.equal(world.hosts.get("w1")!.boots, 1);
        assert.equal(world.hosts.get("w1")!.cordonedBy, "human");
    });

    it("begins no host outside its window", async () => {
        const world = smallWorld();
        const { run } = runOf(world, { plan: plan("w1", "w2"), window: parseWindow("daily 12:00-12:01 UTC") });
        world.now = Date.parse("2026-11-21T12:00:59Z");
        const outcome = await rebootRun(run);
        assert.ok(outcome.kind === "window-closed");
        assert.deepEqual(outcome.left, ["w2"]);
        assertNothingLeft(world);
    });

    it("runs the hooks around each host", async () => {
        const world = smallWorld();
        const calls: string[] = [];
        const phases = withHooks(HOST_PHASES, { before: "out", after: "in" }, (command, { HOST }) => {
            calls.push(`${command} ${HOST} ${world.hosts.get(HOST!)!.boots}`);
            return Promise.resolve();
        });
        const { run } = runOf(world, { plan: plan("w1", "w2"), phases });
        await rebootRun(run);
        assert.deepEqual(calls, ["out w1 0", "in w1 1", "out w2 0", "in w2 1"]);
    });

    it("puts a host back whose hook before it fails, and ends with the hook's name and its end", async () => {
        const world = smallWorld();
        const phases = withHooks(HOST_PHASES, { before: "out", after: undefined }, (_, { HOST }) =>
            HOST === "w2" ? Promise.reject(new Error("the command ended with exit status 3")) : Promise.resolve(),
        );
        const { run } = runOf(world, { plan: plan("w1", "w2"), phases });
        const outcome = await rebootRun(run);
        assert.ok(outcome.kind === "refused");
        assert.match(outcome.why, /^reboot of w2 refused: --hook-before: the command ended with exit status 3; /);
        assert.deepEqual(outcome.left, ["w2"]);
        assert.deepEqual([world.hosts.get("w1")!.boots, world.hosts.get("w2")!.boots], [1, 0]);
        assertNothingLeft(world);
    });

    it("puts a host back when a person interrupts the hook before it", async () => {
        const world = smallWorld();
        const phases = withHooks(HOST_PHASES, { before: "out", after: undefined }, () =>
            Promise.reject(new InterruptedError("the command was ended by SIGINT")),
        );
        const { run } = runOf(world, { plan: plan("w1"), phases });
        assert.equal((await rebootRun(run)).kind, "interrupted");
        assertNothingLeft(world);
    });

    it("stops at a host whose hook after it fails: it is rebooted, and only resume can finish it", async () => {
        const phases = withHooks(HOST_PHASES, { before: undefined, after: "in" }, () =>
            Promise.reject(new Error("the command ended with exit status 3")),
        );
        const { run } = runOf(smallWorld(), { plan: plan("w1", "w2"), phases });
        await assert.rejects(
            rebootRun(run),
            (error) =>
                error instanceof TurnFailed && /^w1 failed in phase hook-after: .*exit status 3$/.test(error.message),
        );
    });

    it("tells each phase's start and end to the second, the way the prober reads it", async () => {
        const { run, events } = runOf(smallWorld(), { plan: plan("w1") });
        await rebootRun(run);
        assert.ok(events.length > 10);
        assert.deepEqual(
            events.map(({ state }) => state).filter((state) => state === "failed"),
            [],
        );
        const told = (wanted: string) => events.filter(({ state }) => state === wanted).map(({ phase }) => phase);
        const phases = told("started");
        assert.deepEqual([...phases].sort(), told("finished").sort());
        assert.ok(
            phases.indexOf("cordon") < phases.indexOf("reboot") &&
                phases.indexOf("reboot") < phases.indexOf("uncordon"),
        );
    });

    it("keeps the cluster's copy of the journal while it goes on, and removes it in the end", async () => {
        const world = smallWorld();
        const { run } = runOf(world, { plan: plan("w1", "w2") });
        let seen = "";
        const ports = {
            ...run.ports,
            hosts: {
                ...run.ports.hosts,
                reboot: async (name: string) => {
                    seen ||= world.mirror ?? "";
                    await run.ports.hosts.reboot(name);
                },
            },
        };
        await rebootRun({ ...run, ports });
        assert.match((JSON.parse(seen) as { hosts: { w1: string } }).hosts.w1, /reboot|back|gate-again/);
        assert.equal(world.mirror, undefined);
    });
});

describe("fenced ports", () => {
    it("ask for the lock before every change and before no question", async () => {
        const world = smallWorld();
        const ports = simPorts(world, random(1), () => undefined);
        let asked = 0;
        const fenced = fencedPorts(ports, (change) => {
            asked++;
            return change();
        });
        await fenced.nodes.list();
        await fenced.etcd.view();
        assert.equal(asked, 0);
        const changes: ((ports: RebootPorts) => Promise<unknown>)[] = [
            ({ nodes }) => nodes.cordon("w1", "r"),
            ({ nodes }) => nodes.uncordon("w1", "r"),
            ({ nodes }) => nodes.setAvoided(["w1"], false),
            ({ balancers }) => balancers.setIngress("cp1", "ready"),
            ({ balancers }) => balancers.setApi("cp1", "ready"),
            ({ balancers }) => balancers.endApiConnections("cp1"),
            ({ virtualAddress }) => virtualAddress.release("lb1", { now: false }),
            ({ virtualAddress }) => virtualAddress.handOver("lb1"),
            ({ etcd }) => etcd.moveLeaderAway("cp1"),
            ({ hosts }) => hosts.startApiServer("cp1"),
            ({ hosts }) => hosts.stopApiServer("cp1"),
            ({ hosts }) => hosts.reboot("w1"),
            ({ mirror }) => mirror.write("x"),
            ({ mirror }) => mirror.remove(),
        ];
        for (const change of changes) await change(fenced);
        assert.equal(asked, changes.length);
    });
});
