import assert from "node:assert/strict";
import fc from "fast-check";
import type { LaneSources } from "../../../../maintenance/observe/laneSources";
import { laneChanges, type LaneValue } from "../../../../maintenance/observe/laneChanges";
import { laneQuestions, type LaneQuestion } from "../../../../maintenance/observe/laneQuestions";
import { nodeValues, serverValues } from "../../../../maintenance/observe/laneWords";
import { observeLanes } from "../../../../maintenance/observe/observer";
import type { LaneEvent } from "../../../../maintenance/probe/maintenanceEvents";
import { Duration } from "../../../../model/duration";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { quietWorld } from "../actions/reboot/simulation/world";
import { blindLaneSources, simLaneSources } from "./simLaneSources";

const inventory = sampleInventory();

/** Lets time pass by hand; everything that waits for it then runs on. */
class HandClock {
    private time = 0;
    private waiting: { readonly at: number; go(): void }[] = [];
    now = () => new Date(this.time);
    monotonic = () => this.time;
    pause = (milliseconds: number) =>
        new Promise<void>((go) => this.waiting.push({ at: this.time + milliseconds, go }));

    async pass(milliseconds: number): Promise<void> {
        for (const end = this.time + milliseconds; ;) {
            await settled();
            const next = Math.min(...this.waiting.map(({ at }) => at));
            if (next > end) return void (this.time = end);
            this.time = next;
            const due = this.waiting.filter(({ at }) => at === next);
            this.waiting = this.waiting.filter(({ at }) => at !== next);
            due.forEach(({ go }) => go());
        }
    }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A question whose answer is what `state` says at that moment. */
function question(state: () => Promise<string>, subjects = ["w1"]): LaneQuestion {
    return {
        lane: "node",
        pause: Duration.seconds(1),
        subjects,
        ask: async () => {
            const value = await state();
            return subjects.map((subject) => ({ subject, value }));
        },
    };
}

describe("the observer of a run", () => {
    const clock = () => new HandClock();

    async function seenOf(states: readonly string[], time: HandClock): Promise<string[]> {
        const events: LaneEvent[] = [];
        let asked = 0;
        const state = () => {
            const value = states[Math.min(asked++, states.length - 1)]!;
            return value === "throws" ? Promise.reject(new Error(value)) : Promise.resolve(value);
        };
        const end = observeLanes([question(state)], time, (event) => events.push(event));
        await time.pass((states.length - 1) * 1000);
        end();
        return events.map((event) => `${event.time} ${event.lane} ${event.subject} ${event.value}`);
    }

    it("tells the first state, then what changes, with the time of asking", async () => {
        assert.deepEqual(await seenOf(["Ready", "Ready", "NotReady", "NotReady", "Ready"], clock()), [
            "0 node w1 Ready",
            "2000 node w1 NotReady",
            "4000 node w1 Ready",
        ]);
    });

    it("takes a question that fails for no answer, and asks again", async () => {
        assert.deepEqual(await seenOf(["throws", "Ready", "throws", "throws", "Ready"], clock()), [
            "0 node w1 no answer",
            "1000 node w1 Ready",
            "2000 node w1 no answer",
            "4000 node w1 Ready",
        ]);
    });

    it("asks nothing of a kind while such a question is under way, and other kinds all the same", async () => {
        const time = clock();
        let slow = 0;
        let quick = 0;
        const answer: { give?: (value: string) => void } = {};
        const late = question(() => (slow++, new Promise((resolve) => (answer.give = resolve))));
        const events: LaneEvent[] = [];
        const prompt = question(() => Promise.resolve(String(quick++)), ["w2"]);
        const end = observeLanes([late, prompt], time, (event) => events.push(event));
        await time.pass(5000);
        assert.deepEqual([slow, quick], [1, 6]);
        answer.give?.("Ready");
        await time.pass(1000);
        end();
        assert.equal(slow, 2);
        assert.deepEqual(events.find(({ subject }) => subject === "w1")?.time, 0);
    });

    it("tells nothing after its end, not even of a question that was under way", async () => {
        const time = clock();
        const answer: { give?: (value: string) => void } = {};
        const events: LaneEvent[] = [];
        let asked = 0;
        const late = question(() => (asked++, new Promise((resolve) => (answer.give = resolve))));
        const end = observeLanes([late], time, (event) => events.push(event));
        await settled();
        end();
        answer.give?.("Ready");
        await time.pass(10_000);
        assert.deepEqual([events, asked], [[], 1]);
    });

    it("ends quietly when events cannot be written", async () => {
        const time = clock();
        let asked = 0;
        observeLanes([question(() => (asked++, Promise.resolve("Ready")))], time, () => {
            throw new Error("no space left on device");
        });
        await time.pass(3000);
        assert.equal(asked, 1);
    });

    it("tells as much as is needed to know every state at any time", () => {
        const value = fc.constantFrom("up", "down", "maint");
        const round = fc.array(fc.record({ subject: fc.constantFrom("a", "b", "c"), value }), { maxLength: 3 });
        const distinct = round.map((values) => [...new Map(values.map((one) => [one.subject, one])).values()]);
        fc.assert(
            fc.property(fc.array(distinct), (rounds: readonly LaneValue[][]) => {
                const known = new Map<string, string>();
                const told = new Map<string, string>();
                for (const values of rounds) {
                    for (const event of laneChanges("node", known, values, 0)) {
                        assert.notEqual(told.get(event.subject), event.value);
                        told.set(event.subject, event.value);
                    }
                    for (const one of values) known.set(one.subject, one.value);
                    assert.deepEqual(told, known);
                }
            }),
        );
    });
});

describe("what is looked at during a run", () => {
    const asked = async (sources: LaneSources) => {
        const answers = laneQuestions(inventory, sources).map(async (one) => [one.lane, await one.ask()] as const);
        return new Map(await Promise.all(answers));
    };

    it("is the address, every server of every balancer, etcd's leader, and the nodes", async () => {
        const answers = await asked(simLaneSources(quietWorld(inventory)));
        assert.deepEqual(answers.get("virtual-address"), [{ subject: "10.89.0.10", value: "lb1" }]);
        assert.deepEqual(answers.get("etcd-leader"), [{ subject: "sample", value: "cp1" }]);
        assert.equal(answers.get("balancer-server")?.length, 12);
        assert.deepEqual(answers.get("balancer-server")?.[0], { subject: "lb1/k8s-api/cp1", value: "up" });
        assert.deepEqual(
            answers.get("node")?.map(({ subject }) => subject),
            ["cp1", "cp2", "cp3", "w1", "w2", "w3"],
        );
    });

    it("is no balancer and no address where the cluster has none of its own", () => {
        const external = { ...inventory, loadBalancers: [] };
        const lanes = laneQuestions(external, blindLaneSources).map(({ lane }) => lane);
        assert.deepEqual(lanes, ["etcd-leader", "node"]);
    });

    it("names nobody where nobody has the address or leads", async () => {
        const world = quietWorld(inventory);
        const nobody = () => Promise.resolve(undefined);
        const answers = await asked({ ...simLaneSources(world), addressOwner: nobody, etcdLeader: nobody });
        assert.deepEqual(answers.get("virtual-address"), [{ subject: "10.89.0.10", value: "nobody" }]);
        assert.deepEqual(answers.get("etcd-leader"), [{ subject: "sample", value: "nobody" }]);
    });

    it("tells servers that are set aside, down, missing, or on a balancer that does not answer", () => {
        const server = { balancer: "lb1", purpose: "ingress", backend: "ingress-http", sessions: 0 } as const;
        const values = serverValues(inventory, [
            {
                balancer: "lb1",
                unreachable: "",
                servers: [
                    { ...server, host: "cp1", administrative: "maint", up: false },
                    { ...server, host: "cp2", administrative: "ready", up: false },
                ],
            },
            { balancer: "lb2", unreachable: "no SSH", servers: [] },
        ]);
        const of = (subject: string) => values.find((one) => one.subject === subject)?.value;
        assert.equal(of("lb1/ingress-http/cp1"), "maint");
        assert.equal(of("lb1/ingress-http/cp2"), "down");
        assert.equal(of("lb1/ingress-http/cp3"), "absent");
        assert.equal(of("lb2/ingress-http/cp1"), "no answer");
    });

    it("tells nodes that are cordoned, not ready, or not there", () => {
        const values = nodeValues(inventory, [
            { name: "cp1", condition: "Ready", cordoned: false },
            { name: "cp2", condition: "Ready", cordoned: true },
            { name: "cp3", condition: "NotReady", cordoned: true },
        ]);
        assert.deepEqual(
            values.map(({ value }) => value),
            ["Ready", "Ready, cordoned", "NotReady, cordoned", "absent", "absent", "absent"],
        );
    });
});
