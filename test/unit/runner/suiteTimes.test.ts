import assert from "node:assert/strict";
import { SuiteTimes } from "../../runner/suiteTimes";

describe("times of suites", () => {
    it("are those of files from a second, and of their parts from ten seconds on, in the order of the run", () => {
        let clock = 0;
        const times = new SuiteTimes(() => clock);
        const suite = (title: string, seconds: number, inside: () => void = () => undefined): void => {
            times.begin(title);
            inside();
            clock += seconds * 1000;
            times.end();
        };
        suite("a cluster", 3, () => {
            suite("made", 100.04, () => suite("deeper", 50));
            suite("looked at", 9);
        });
        suite("quick", 0.9);
        suite("slow", 1);
        assert.deepEqual(times.lines(), ["   162.0 s  a cluster", "   150.0 s    made", "     1.0 s  slow"]);
    });
});
