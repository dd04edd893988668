import type { Clock } from "./clock";

/** What both of a clock's hands show. */
export interface Moment {
    readonly monotonic: number;
    readonly wall: number;
}

/** This moment. */
export function moment(clock: Clock): Moment {
    return { monotonic: clock.monotonic(), wall: clock.now().getTime() };
}

/**
 * Milliseconds that have passed since a moment at most, for what is no longer trusted after some time: one hand may stand still
 * while the machine sleeps, the other may be set back.
 */
export function ageOf(since: Moment, clock: Clock): number {
    const now = moment(clock);
    return Math.max(now.monotonic - since.monotonic, now.wall - since.wall);
}
