import type { Clock } from "../../maintenance/workflow/clock";
import { NOW } from "./sampleFacts";

/** A clock on which pauses pass at once. */
export function fakeClock(start: Date = NOW): Clock {
    let now = start.getTime();
    return {
        now: () => new Date(now),
        pause(milliseconds) {
            now += milliseconds;
            return Promise.resolve();
        },
    };
}
