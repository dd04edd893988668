import assert from "node:assert/strict";
import fc from "fast-check";
import { JITTER, plannedAt } from "../../../../maintenance/probe/schedule";

const schedules = fc.record({
    seed: fc.integer(),
    stream: fc.string(),
    rate: fc.double({ min: 0.01, max: 5000, noNaN: true }),
});

describe("the plan of requests", () => {
    it("keeps order and rate: every request lies within 40 % of the middle of its own slot", () => {
        fc.assert(
            fc.property(schedules, fc.nat(10_000_000), (schedule, index) => {
                const interval = 1000 / schedule.rate;
                const middle = (index + 0.5) * interval;
                const at = plannedAt(schedule, index);
                assert.ok(Math.abs(at - middle) <= JITTER * interval * (1 + 1e-9));
                assert.ok(plannedAt(schedule, index + 1) > at);
            }),
        );
    });

    it("is the same for the same seed and another for another seed or target", () => {
        const plan = (seed: number, stream: string) =>
            Array.from({ length: 50 }, (_, index) => plannedAt({ seed, stream, rate: 50 }, index));
        assert.deepEqual(plan(7, "ingress/new"), plan(7, "ingress/new"));
        assert.notDeepEqual(plan(7, "ingress/new"), plan(8, "ingress/new"));
        assert.notDeepEqual(plan(7, "ingress/new"), plan(7, "ingress/reused"));
    });

    it("uses the whole of the jitter evenly, so that no beat with the balancer's turn is left", () => {
        const offsets = Array.from(
            { length: 10_000 },
            (_, index) => plannedAt({ seed: 1, stream: "x", rate: 1000 }, index) - index,
        );
        const tenths = Array.from({ length: 8 }, (_, tenth) => {
            const low = 0.1 + tenth * 0.1;
            return offsets.filter((offset) => offset >= low && offset < low + 0.1).length;
        });
        tenths.forEach((count) => assert.ok(count > 1100 && count < 1400, tenths.join(" ")));
    });

    it("does not lock onto one of three backends that are taken in turn", () => {
        // One backend hangs; each request of ours goes to the backend whose turn it is among 29 other clients' even requests.
        const hits = [0, 0, 0];
        for (let index = 0; index < 3000; index += 1) {
            const backend = Math.floor(plannedAt({ seed: 3, stream: "x", rate: 10 }, index) / (100 / 3)) % 3;
            hits[backend] = (hits[backend] ?? 0) + 1;
        }
        hits.forEach((count) => assert.ok(count > 500, hits.join(" ")));
    });
});
