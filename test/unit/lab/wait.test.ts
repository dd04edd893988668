import assert from "node:assert/strict";
import { until } from "../../../lab/wait";

describe("lab wait", () => {
    const wait = (observations: number[], deadlineMs: number): Promise<number> =>
        until({
            what: "three",
            deadlineMs,
            intervalMs: 1,
            observe: () => observations.shift() ?? 0,
            satisfied: (value) => value === 3,
            describe: (value) => `${value}`,
        });

    it("returns the observation that satisfies", async () => {
        assert.equal(await wait([1, 2, 3], 5_000), 3);
    });

    it("says at the deadline what was waited for and what was seen last", async () => {
        await assert.rejects(wait([7], 0), /waited 0 s for three; last seen: 7/);
    });
});
