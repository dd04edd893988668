import { Duration } from "../../model/duration";
import type { Clock } from "./clock";

/** A condition that is asked again until it holds. */
export interface Wait<T> {
    /** What is waited for, as the end of "waited ... for". */
    readonly what: string;
    readonly deadline: Duration;
    /** Pause between two observations; 1 s when left out. */
    readonly interval?: Duration;
    readonly clock: Clock;
    observe(): Promise<T>;
    satisfied(value: T): boolean;
    /** The observation in words: progress while waiting, and the reason when the deadline passes. */
    describe(value: T): string;
    /** Called with each description that differs from the one before. */
    readonly report?: (line: string) => void;
}

/** A condition did not come true in time. Its message ends with what was seen last. */
export class DeadlineError extends Error {
    constructor(
        readonly what: string,
        readonly lastObservation: string,
        deadline: Duration,
    ) {
        super(`waited ${deadline} for ${what}; last seen: ${lastObservation}`);
        this.name = "DeadlineError";
    }
}

/**
 * Observes until the condition holds and returns that observation. An observation that throws ends the wait. The deadline is
 * one of time that has passed for this machine: a corrected clock or a sleep neither ends a wait nor prolongs it.
 * @throws DeadlineError with the last observation
 */
export async function until<T>(wait: Wait<T>): Promise<T> {
    const interval = wait.interval ?? Duration.seconds(1);
    const end = wait.clock.monotonic() + wait.deadline.milliseconds;
    let last = "";
    for (;;) {
        const value = await wait.observe();
        if (wait.satisfied(value)) return value;
        const description = wait.describe(value);
        if (description !== last) wait.report?.(description);
        last = description;
        if (wait.clock.monotonic() + interval.milliseconds > end) {
            throw new DeadlineError(wait.what, description, wait.deadline);
        }
        await wait.clock.pause(interval.milliseconds);
    }
}
