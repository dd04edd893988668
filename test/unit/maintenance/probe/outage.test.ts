import assert from "node:assert/strict";
import fc from "fast-check";
import { longestOutage } from "../../../../maintenance/probe/outage";
import { percentiles } from "../../../../maintenance/probe/percentiles";

const outcome = (planned: number, ok: boolean, channel = 0) => ({ planned, ok, channel });

describe("the longest outage", () => {
    it("is nothing when nothing failed", () => {
        assert.equal(longestOutage([outcome(0, true), outcome(10, true)], 20), 0);
    });

    it("lasts from the first failure to the next success, by planned times", () => {
        const outcomes = [
            outcome(0, true),
            outcome(10, false),
            outcome(25, false),
            outcome(40, true),
            outcome(50, false),
        ];
        assert.equal(longestOutage([...outcomes, outcome(55, true)], 60), 30);
    });

    it("lasts to the end of the run when nothing succeeded any more", () => {
        assert.equal(longestOutage([outcome(0, true), outcome(10, false)], 5010), 5000);
    });

    it("sees one broken connection among healthy ones", () => {
        const outcomes = Array.from({ length: 100 }, (_, index) => outcome(index * 10, index % 4 !== 2, index % 4));
        assert.equal(longestOutage(outcomes, 1000), 980);
    });

    it("does not depend on the order of answers, and never exceeds the run", () => {
        const outcomes = fc.array(fc.record({ planned: fc.nat(1000), ok: fc.boolean(), channel: fc.nat(2) }));
        const distinct = outcomes.map((list) => [...new Map(list.map((one) => [one.planned, one])).values()]);
        fc.assert(
            fc.property(distinct, (list) => {
                const longest = longestOutage(list, 1000);
                assert.equal(longestOutage(list.toReversed(), 1000), longest);
                assert.ok(longest >= 0 && longest <= 1000);
                assert.equal(
                    longest > 0,
                    list.some(({ ok, planned }) => !ok && planned < 1000),
                );
            }),
        );
    });
});

describe("percentiles", () => {
    it("are values that occurred, by nearest rank", () => {
        const values = Array.from({ length: 100 }, (_, index) => index + 1);
        assert.deepEqual(percentiles(values), { p50: 50, p95: 95, p99: 99, max: 100 });
        assert.deepEqual(percentiles([7]), { p50: 7, p95: 7, p99: 7, max: 7 });
    });

    it("are 0 when nothing was measured", () => {
        assert.deepEqual(percentiles([]), { p50: 0, p95: 0, p99: 0, max: 0 });
    });

    it("rise, and at least their share of the values lies below or at them", () => {
        fc.assert(
            fc.property(fc.array(fc.nat(100_000), { minLength: 1 }), (values) => {
                const found = percentiles(values);
                assert.ok(found.p50 <= found.p95 && found.p95 <= found.p99 && found.p99 <= found.max);
                const below = values.filter((value) => value <= found.p95).length;
                assert.ok(below >= 0.95 * values.length);
                assert.ok(values.includes(found.p99));
            }),
        );
    });
});
