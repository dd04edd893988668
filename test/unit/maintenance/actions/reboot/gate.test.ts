import assert from "node:assert/strict";
import { gate } from "../../../../../maintenance/actions/reboot/gate";
import type { DrainPolicy, RebootScope } from "../../../../../maintenance/actions/reboot/rebootScope";
import { sampleInventory } from "../../../../fakes/sampleCluster";
import { samplePod } from "./sampleRebootFacts";
import { random } from "./simulation/random";
import { simPorts } from "./simulation/simPorts";
import { RUN_ID, SETTINGS } from "./simulation/simSession";
import { quietWorld, type SimPod } from "./simulation/world";

/** A host whose turn it is, in a cluster that is well. */
function setUp(name: string, policy: DrainPolicy = "block") {
    const world = quietWorld(sampleInventory());
    const ports = simPorts(world, random(1), () => undefined);
    const notes = new Map<string, string>();
    const warnings: string[] = [];
    const scope: RebootScope = {
        host: world.hosts.get(name)!.host,
        together: [name],
        inventory: world.inventory,
        runId: RUN_ID,
        settings: { ...SETTINGS, policy },
        ports,
        notes: {
            read: (key) => notes.get(key),
            write: (key, value) => Promise.resolve(void notes.set(key, value)),
        },
        progress: { report: () => undefined, warn: (line) => void warnings.push(line) },
        hasLeft: () => false,
    };
    return { world, ports, notes, warnings, scope };
}

describe("the gate before a host is touched", () => {
    it("waits for a host that has just crashed: its node still shows its Ready of before the boot", async () => {
        const { world, ports, scope } = setUp("w1");
        const crashed = world.hosts.get("w2")!;
        crashed.boots = 1;
        const reported = world.now + 40_000;
        const list = ports.nodes.list;
        ports.nodes.list = async () =>
            (await list()).map((node) =>
                node.name === "w2" && world.now < reported ? { ...node, bootId: "0" } : node,
            );
        await gate("gate").run(scope);
        assert.ok(world.now >= reported, "went on before kubelet of w2 had reported");
    });

    it("refuses when that kubelet does not report", async () => {
        const { world, ports, scope } = setUp("w1");
        world.hosts.get("w2")!.boots = 1;
        const list = ports.nodes.list;
        ports.nodes.list = async () => (await list()).map((node) => ({ ...node, bootId: "0" }));
        await assert.rejects(gate("gate").run(scope), {
            name: "RefusedError",
            message: /kubelet of w2 has not reported since its boot: see `systemctl status kubelet` there/,
        });
    });
});

describe("the gate after a host's drain", () => {
    const again = gate("gate-again", { afterDrain: true });
    const late = (node: string): SimPod => ({ uid: "late", owner: "app", storage: false, node, readyAt: 0 });
    /** A host that is cordoned and empty. */
    const drained = (name: string, policy?: DrainPolicy) => {
        const found = setUp(name, policy);
        found.world.hosts.get(name)!.cordonedBy = RUN_ID;
        return found;
    };

    it("lets a host go that is empty, also when a person had cordoned it before (F55)", async () => {
        for (const by of [RUN_ID, "human"]) {
            const { world, scope } = drained("cp1");
            world.hosts.get("cp1")!.cordonedBy = by;
            await again.run(scope);
        }
    });

    it("refuses when somebody has uncordoned the node meanwhile, also with policy force", async () => {
        for (const policy of ["block", "skip", "force"] as const) {
            const { world, scope } = drained("cp1", policy);
            world.hosts.get("cp1")!.cordonedBy = undefined;
            await assert.rejects(again.run(scope), {
                name: "RefusedError",
                message:
                    /^reboot of cp1 refused: node cp1 was uncordoned after its drain had begun: ask .*; the host was/,
            });
        }
    });

    it("waits for a pod that came after the drain, and is blocked by one that stays", async () => {
        const { world, ports, scope } = drained("w1");
        world.pods.set("late", late("w1"));
        const end = world.now + 30_000;
        const evictable = ports.pods.evictable;
        ports.pods.evictable = async (names) => (await evictable(names), world.now < end ? evictable(names) : []);
        await again.run(scope);
        ports.pods.evictable = evictable;
        await assert.rejects(again.run(scope), {
            name: "BlockedError",
            message: /^reboot of w1 refused: pod default\/late came to w1 after its drain; the host was put back/,
        });
    });

    it("goes on with policy force, and says so", async () => {
        const { world, scope, warnings } = drained("w1", "force");
        world.pods.set("late", late("w1"));
        const before = world.now;
        await again.run(scope);
        assert.deepEqual(warnings, ["goes on, although pod default/late came to w1 after its drain"]);
        assert.ok(world.now - before < 1000);
    });

    it("knows pods that the drain has given up on, and those that have come back because they tolerate the cordon", async () => {
        const { ports, notes, scope } = drained("w1");
        const old = { namespace: "shop", name: "ends-not", uid: "ends-not", owner: "Deployment/shop" };
        const evicted = { namespace: "shop", name: "agent-1", uid: "agent-1", owner: "Deployment/agent" };
        notes.set("evicted-rest", JSON.stringify([old, evicted]));
        const back = samplePod("w1", "agent-2", { owner: "Deployment/agent", toleratesCordon: true });
        ports.pods.evictable = () => Promise.resolve([samplePod("w1", "ends-not"), back]);
        await again.run(scope);
        ports.pods.evictable = () => Promise.resolve([{ ...back, toleratesCordon: false }]);
        await assert.rejects(again.run(scope), /pod shop\/agent-2 came to w1 after its drain/);
    });

    it("lets a pod be that kubelet has not taken up: it has done nothing yet", async () => {
        const { ports, scope } = drained("w1");
        ports.pods.evictable = () =>
            Promise.resolve([samplePod("w1", "snapshot-1", { owner: "Job/snapshot", started: false })]);
        await again.run(scope);
    });

    it("notes what the host runs by itself, anew until the reboot may have been ordered", async () => {
        const { ports, notes, scope } = drained("w1");
        const work = (...containers: string[]) => ({ daemonSets: [], staticPods: [], containers });
        const looks = [new Error("no API server answers"), work("c-1"), work("c-2"), work("c-3")];
        ports.nodes.ownWork = () => {
            const look = looks.shift()!;
            return look instanceof Error ? Promise.reject(look) : Promise.resolve(look);
        };
        const noted = () => JSON.parse(notes.get("own-work") ?? "null") as unknown;
        await again.run(scope);
        assert.deepEqual(noted(), work("c-1"));
        await again.run(scope);
        assert.deepEqual(noted(), work("c-2"));
        notes.set("boot-id", "b-1");
        await again.run(scope);
        assert.deepEqual([noted(), looks.length], [work("c-2"), 1]);
    });

    it("judges the cluster, too", async () => {
        const { world, scope } = drained("w1");
        world.hosts.get("w2")!.upAt = Infinity;
        await assert.rejects(again.run(scope), /RefusedError: .*w2 does not answer SSH/);
    });
});
