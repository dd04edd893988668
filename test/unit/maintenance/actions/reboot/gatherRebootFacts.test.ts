import assert from "node:assert/strict";
import { gatherRebootFacts } from "../../../../../maintenance/actions/reboot/gatherRebootFacts";
import { sampleInventory } from "../../../../fakes/sampleCluster";
import { random } from "./simulation/random";
import { simPorts } from "./simulation/simPorts";
import { quietWorld } from "./simulation/world";

const NOTHING = { drained: [], sentinelOf: [], underWay: [] };

function setUp() {
    const world = quietWorld(sampleInventory());
    const ports = simPorts(world, random(1), () => undefined);
    const gather = (wanted = {}) => gatherRebootFacts(world.inventory, ports, { ...NOTHING, ...wanted });
    const told: string[] = [];
    const beforePlan = { report: (line: string) => void told.push(line) };
    return { world, ports, gather, beforePlan, told };
}

describe("the facts before a reboot", () => {
    it("name hosts without an answer, apart from those that are down because of us", async () => {
        const { world, gather } = setUp();
        for (const name of ["w1", "w2"]) world.hosts.get(name)!.upAt = Infinity;
        assert.deepEqual((await gather({ underWay: ["w2"] })).unreachable, { w1: "w1: no answer" });
    });

    it("name before a plan what each host would wait for, and ask for each owner once", async () => {
        const { world, ports, gather, beforePlan, told } = setUp();
        for (const [uid, node] of Object.entries({ "a-1": "w1", "a-2": "w1", "a-3": "w2", "b-1": "w3" }))
            world.pods.set(uid, { uid, owner: uid.split("-")[0]!, storage: false, node, readyAt: 0 });
        const asked: unknown[] = [];
        ports.pods.unsettled = ([pod]) => {
            asked.push(pod);
            return Promise.resolve(pod?.owner === "Deployment/a" ? ["Deployment default/a has 2 of 3 pods"] : []);
        };
        ports.nodes.unreadyWork = (name, before) => {
            assert.equal(before, undefined);
            return Promise.resolve(name === "w1" ? ["flannel-1 is not ready"] : []);
        };
        const drained = ["w1", "w2", "w3"];
        assert.deepEqual((await gather({ drained, beforePlan })).unwell, {
            w1: ["flannel-1 is not ready", "Deployment default/a has 2 of 3 pods"],
            w2: ["Deployment default/a has 2 of 3 pods"],
        });
        const looks = asked.length;
        assert.equal(looks % 2, 0);
        assert.deepEqual(told, ["flannel-1 is not ready; Deployment default/a has 2 of 3 pods"]);
        assert.ok(asked.every((pod) => !("uid" in (pod as object))));
        assert.deepEqual((await gather({ drained })).unwell, {});
        assert.equal(asked.length, looks);
    });

    it("leave out what passes while the plan is made, and what a node that is down explains", async () => {
        const { ports, gather, beforePlan } = setUp();
        let looks = 0;
        ports.nodes.unreadyWork = () => Promise.resolve((looks += 1) < 5 ? ["flannel-1 is not ready"] : []);
        assert.deepEqual((await gather({ drained: ["w1"], beforePlan })).unwell, {});
        assert.equal(looks, 5);
        const nodes = await ports.nodes.list();
        ports.nodes.list = () => Promise.resolve(nodes.map((node) => ({ ...node, ready: node.name !== "w2" })));
        looks = 0;
        assert.deepEqual((await gather({ drained: ["w1"], beforePlan })).unwell, {});
        assert.equal(looks, 0);
    });

    it("name as blocked only what still is when the pods that were not ready are", async () => {
        const { world, ports, gather, beforePlan } = setUp();
        world.pods.set("a-1", { uid: "a-1", owner: "a", storage: false, node: "w1", readyAt: 0 });
        const budget = { namespace: "default", name: "a", disruptionsAllowed: 0, pods: ["a-1"] };
        ports.pods.budgets = () => Promise.resolve([budget]);
        let isReady = false;
        ports.pods.unsettled = () => Promise.resolve(isReady ? [] : ["Deployment default/a has 2 of 3 pods"]);
        ports.pods.evict = () =>
            Promise.resolve(isReady ? { kind: "evicted" } : { kind: "blocked", budget: "default/a", reason: "short" });
        const { pause } = ports.clock;
        ports.clock.pause = (milliseconds) => {
            isReady = true;
            return pause(milliseconds);
        };
        const { blocked, unwell } = await gather({ drained: ["w1"], beforePlan });
        assert.deepEqual([blocked, unwell], [[], {}]);
    });

    it("keep a host that says no apart from one that does not say whether it needs a reboot", async () => {
        const { ports, gather } = setUp();
        ports.hosts.rebootRequired = (name) =>
            name === "w1"
                ? Promise.resolve(true)
                : name === "w2"
                  ? Promise.resolve(false)
                  : Promise.reject(new Error("late"));
        const { rebootRequired, unreachable } = await gather({ sentinelOf: ["w1", "w2", "w3"] });
        assert.deepEqual([rebootRequired, unreachable], [["w1"], { w3: "late" }]);
    });
});
