import type { Clock } from "../../maintenance/workflow/clock";
import { NOW } from "./sampleFacts";

export interface FakeClock extends Clock {
    /** Moves the time of day alone, as a correction does, or a sleep of the machine. */
    correct(milliseconds: number): void;
}

/** A clock on which pauses pass at once. */
export function fakeClock(start: Date = NOW): FakeClock {
    let now = start.getTime();
    let passed = 0;
    return {
        now: () => new Date(now),
        monotonic: () => passed,
        pause(milliseconds) {
            now += milliseconds;
            passed += milliseconds;
            return Promise.resolve();
        },
        correct(milliseconds) {
            now += milliseconds;
        },
    };
}
