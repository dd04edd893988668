import { seeded } from "./seeded";

/** When the requests of one target are to be sent. */
export interface Schedule {
    readonly seed: number;
    /** Name of the target, so that no two targets beat in time. */
    readonly stream: string;
    /** Requests a second, on the average. */
    readonly rate: number;
}

/**
 * Part of the interval by which a request is moved at most, either way. An even beat locks onto one backend of a
 * round-robin balancer and sees either all of its failures or none (TARGETS, traps in measuring availability).
 */
export const JITTER = 0.4;

/**
 * Milliseconds from the start to the request of this index, counted from 0. Every request has a slot of one interval and
 * lies within 40 % of its middle: order and rate are kept exactly, however long the run.
 */
export function plannedAt({ seed, stream, rate }: Schedule, index: number): number {
    const interval = 1000 / rate;
    return (index + 0.5 + JITTER * (2 * seeded(seed, stream, index) - 1)) * interval;
}
