import { monitorEventLoopDelay } from "node:perf_hooks";
import { preciseNow } from "./preciseClock";
import type { Pause } from "./reportShape";

/** Notices when this process itself stands still, because then it cannot notice anything else. */
export interface StallWatch {
    /** Ends the watch and returns the stalls, in order. */
    stop(): Pause[];
}

/** How often the event loop's delay is read, so that a stall is known to the second. */
const READ_EVERY = 1000;
/** The histogram counts how late its own timer of this resolution fires, in milliseconds. */
const RESOLUTION = 20;
/** Shorter delays are part of any busy machine. */
const WORTH_TELLING = 100;

/** Starts watching the event loop. */
export function watchStalls(): StallWatch {
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
    const stalls: Pause[] = [];
    const read = () => {
        const milliseconds = Math.round(delay.max / 1e6) - RESOLUTION;
        if (milliseconds >= WORTH_TELLING) stalls.push({ at: preciseNow() - milliseconds, milliseconds });
        delay.reset();
    };
    delay.enable();
    const timer = setInterval(read, READ_EVERY);
    return {
        stop() {
            clearInterval(timer);
            read();
            delay.disable();
            return stalls;
        },
    };
}
