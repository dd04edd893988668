import assert from "node:assert/strict";
import { median, summarise } from "../../../bench/create/statistics";

describe("bench statistics", () => {
    it("take the middle value of an odd number, in whatever order they come", () => {
        assert.equal(median([70.5, 90, 60]), 70.5);
        assert.equal(median([9, 100, 11]), 11);
    });

    it("take the mean of the two middle values of an even number", () => {
        assert.equal(median([4, 1, 2, 100]), 3);
    });

    it("leave the values as they are", () => {
        const values = [3, 1, 2];
        median(values);
        assert.deepEqual(values, [3, 1, 2]);
    });

    it("refuse to summarise nothing", () => {
        assert.throws(() => median([]), /no values/);
        assert.throws(() => summarise([]), RangeError);
    });

    it("give the smallest and the largest beside the median", () => {
        assert.deepEqual(summarise([41.2, 38.9, 40]), { median: 40, min: 38.9, max: 41.2 });
    });
});
