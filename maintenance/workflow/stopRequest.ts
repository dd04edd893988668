import type { Clock } from "./clock";
import { InterruptedError } from "./interruptedError";

/** Whether a run should end: asked once, by a person or by what failed, and never taken back. */
export class StopRequest {
    private given: string | undefined;

    /** Why the run should end; undefined while it should go on. */
    get reason(): string | undefined {
        return this.given;
    }

    /** The first reason stays. */
    ask(reason: string): void {
        this.given ??= reason;
    }

    /** @throws InterruptedError once it was asked */
    check(): void {
        if (this.given !== undefined) throw new InterruptedError(this.given);
    }
}

/**
 * A clock whose pause ends a wait as soon as a stop is asked for.
 * @param isReturnPossible false from the moment on when waits have to come to their own end
 */
export function interruptibleClock(clock: Clock, stop: StopRequest, isReturnPossible: () => boolean): Clock {
    const check = () => {
        if (isReturnPossible()) stop.check();
    };
    return {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        async pause(milliseconds) {
            check();
            await clock.pause(milliseconds);
            check();
        },
    };
}
