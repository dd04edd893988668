import assert from "node:assert/strict";
import { Stopwatch } from "../../../bench/create/stopwatch";

describe("bench stopwatch", () => {
    let clock: number;
    let watch: Stopwatch;
    beforeEach(() => {
        clock = 5_000;
        watch = new Stopwatch(() => clock);
    });
    const takes = (milliseconds: number) => async () => {
        clock += milliseconds;
        return milliseconds;
    };

    it("notes when each phase began and ended, in seconds since it was made", async () => {
        assert.equal(await watch.phase("init", takes(11_000)), 11_000);
        clock += 500;
        await watch.phase("network", takes(1_500));
        assert.deepEqual(watch.creation(), {
            seconds: 13,
            phases: [
                { name: "init", start: 0, end: 11 },
                { name: "network", start: 11.5, end: 13 },
            ],
        });
    });

    it("passes a phase's error on", async () => {
        await assert.rejects(
            watch.phase("init", () => Promise.reject(new Error("no"))),
            /no/,
        );
    });
});
