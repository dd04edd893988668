import assert from "node:assert/strict";
import { runPhases, type Phase } from "../../../../maintenance/workflow/phase";
import { RefusedError } from "../../../../maintenance/workflow/refusedError";
import { DeadlineError, until } from "../../../../maintenance/workflow/until";
import { Duration } from "../../../../model/duration";
import { fakeClock } from "../../../fakes/fakeClock";

type Log = string[];

function phase(name: string, change: Partial<Phase<Log>> = {}): Phase<Log> {
    return {
        name,
        title: () => `do ${name}`,
        run: async (log) => void log.push(name),
        undo: async (log) => void log.push(`undo ${name}`),
        ...change,
    };
}

const failing = (error: Error): Partial<Phase<Log>> => ({ run: () => Promise.reject(error) });

describe("phases", () => {
    it("run in order, each told before it runs, those not needed left out", async () => {
        const log: Log = [];
        const titles: string[] = [];
        await runPhases([phase("a"), phase("b", { shouldRun: () => false }), phase("c")], log, (title) =>
            titles.push(title),
        );
        assert.deepEqual(log, ["a", "c"]);
        assert.deepEqual(titles, ["do a", "do c"]);
    });

    it("are undone, the last first, when a later one refuses", async () => {
        const log: Log = [];
        const refused = phase("c", failing(new RefusedError("leave x", ["a reason"], "do this")));
        await assert.rejects(
            runPhases([phase("a"), phase("b"), refused, phase("d")], log, () => undefined),
            /leave x refused: a reason; do this/,
        );
        assert.deepEqual(log, ["a", "b", "undo b", "undo a"]);
    });

    it("stay done for the next run when a later one fails", async () => {
        const log: Log = [];
        await assert.rejects(
            runPhases([phase("a"), phase("b", failing(new Error("broken")))], log, () => undefined),
            /broken/,
        );
        assert.deepEqual(log, ["a"]);
    });
});

describe("waiting", () => {
    const wait = (values: readonly number[], lines: string[] = []) => {
        let index = 0;
        return until({
            what: "three",
            deadline: Duration.seconds(5),
            clock: fakeClock(),
            observe: () => Promise.resolve(values[Math.min(index++, values.length - 1)] ?? 0),
            satisfied: (value) => value === 3,
            describe: (value) => `seen ${value}`,
            report: (line) => lines.push(line),
        });
    };

    it("returns the observation that satisfied, and tells each new one once", async () => {
        const lines: string[] = [];
        assert.equal(await wait([1, 1, 2, 3], lines), 3);
        assert.deepEqual(lines, ["seen 1", "seen 2"]);
    });

    it("ends at the deadline with the last observation", async () => {
        await assert.rejects(wait([1, 2]), (error: Error) => {
            assert.ok(error instanceof DeadlineError);
            assert.equal(error.message, "waited 5s for three; last seen: seen 2");
            return true;
        });
    });

    it("lasts as long when the time of day is corrected, or the machine has slept", async () => {
        for (const hours of [8, -8]) {
            const clock = fakeClock();
            const begun = clock.monotonic();
            const observe = () => {
                if (clock.monotonic() - begun === 2000) clock.correct(hours * 3_600_000);
                return Promise.resolve("nothing");
            };
            const deadline = Duration.seconds(5);
            const wait = {
                what: "it",
                deadline,
                clock,
                observe,
                satisfied: () => false,
                describe: (seen: string) => seen,
            };
            await assert.rejects(until(wait), DeadlineError);
            assert.equal(clock.monotonic() - begun, 5000);
        }
    });
});
