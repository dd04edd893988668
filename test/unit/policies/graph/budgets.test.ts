import assert from "node:assert/strict";
import fc from "fast-check";
import { evictable, grantsNothing } from "../../../../policies/graph/budgets";

const replicas = fc.integer({ min: 1, max: 300 });
const percentage = fc.integer({ min: 0, max: 100 });
const field = fc.constantFrom("maxUnavailable" as const, "minAvailable" as const);

describe("what a budget lets go", () => {
    it("and what it keeps are all replicas, in numbers", () => {
        fc.assert(
            fc.property(replicas, replicas, (all, value) => {
                const gone = evictable({ field: "maxUnavailable", value }, all) ?? 0;
                const kept = evictable({ field: "minAvailable", value }, all) ?? 0;
                assert.equal(gone + kept, all);
            }),
        );
    });

    it("is rounded up in percent: at least that many are kept, at least that many may go", () => {
        fc.assert(
            fc.property(replicas, percentage, (all, percent) => {
                const value = `${percent}%`;
                const share = (all * percent) / 100;
                const mayGo = evictable({ field: "maxUnavailable", value }, all) ?? Number.NaN;
                const kept = all - (evictable({ field: "minAvailable", value }, all) ?? Number.NaN);
                for (const pods of [mayGo, kept]) assert.ok(pods >= share && pods < share + 1);
            }),
        );
    });

    it("is nothing for any number of replicas when the budget grants nothing", () => {
        fc.assert(
            fc.property(replicas, field, percentage, (all, of, percent) => {
                const allowance = { field: of, value: `${percent}%` };
                if (grantsNothing(allowance)) assert.equal(evictable(allowance, all), 0);
            }),
        );
    });

    it("is unknown for what is no amount", () => {
        for (const value of [undefined, "half", true]) {
            assert.equal(evictable({ field: "maxUnavailable", value }, 3), undefined);
        }
    });
});
