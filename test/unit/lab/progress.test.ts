import assert from "node:assert/strict";
import { Progress, formatSeconds, runningLine } from "../../../lab/progress";

describe("lab progress", () => {
    let lines: string[];
    let clock: number;
    let progress: Progress;
    beforeEach(() => {
        lines = [];
        clock = 0;
        progress = new Progress({ write: (line) => lines.push(line), now: () => clock });
    });

    it("ends a step with how long it took and passes its result on", async () => {
        const result = await progress.during("etcd 3.6.16, built", async () => {
            clock = 75_400;
            return 42;
        });
        assert.equal(result, 42);
        assert.deepEqual(lines, ["etcd 3.6.16, built: 1 min 15 s"]);
    });

    it("says that a step failed and passes its error on", async () => {
        const failing = progress.during("hosts", async () => {
            clock = 1_200;
            throw new Error("no bridge");
        });
        await assert.rejects(failing, /no bridge/);
        assert.deepEqual(lines, ["hosts: failed after 1.2 s"]);
    });

    it("shows what runs and for how long in the line of a step that lasts", () => {
        assert.equal(runningLine("kubernetes", "45.0 s", "k8s.io/api"), "kubernetes, 45.0 s so far: k8s.io/api");
        assert.equal(runningLine("kubernetes", "45.0 s", ""), "kubernetes, 45.0 s so far");
    });

    const durations: [number, string][] = [
        [0, "0.0 s"],
        [1_234, "1.2 s"],
        [59_900, "59.9 s"],
        [60_000, "1 min 00 s"],
        [523_400, "8 min 43 s"],
    ];
    for (const [milliseconds, text] of durations) {
        it(`writes ${milliseconds} ms as ${text}`, () => assert.equal(formatSeconds(milliseconds), text));
    }
});
