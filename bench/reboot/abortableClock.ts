import { setTimeout } from "node:timers/promises";
import { systemClock, type Clock } from "../../maintenance/workflow/clock";

/** The machine's clock, whose pauses end with an AbortError as soon as the signal is given. */
export function abortableClock(signal: AbortSignal): Clock {
    return { ...systemClock, pause: (milliseconds) => setTimeout(milliseconds, undefined, { signal }) };
}
