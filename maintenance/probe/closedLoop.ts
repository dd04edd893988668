import type { Sample } from "./sample";

/** What a loop of one request after the other would have told. */
export interface ClosedLoopFigure {
    readonly target: string;
    readonly requests: number;
    readonly failed: number;
}

/** Pause of the loop between an answer and the next request, in milliseconds. */
const PAUSE = 1000;

/**
 * Replays samples of new connections as a sequential loop with a pause of one second, as availability is often measured:
 * ask, wait for the answer, pause, ask again. It hides outages, because it asks less while requests hang; it is reported
 * beside the open loop for comparison only.
 */
export function closedLoop(target: string, samples: readonly Sample[]): ClosedLoopFigure {
    let requests = 0;
    let failed = 0;
    let next = -Infinity;
    for (const sample of samples.toSorted((left, right) => left.planned - right.planned)) {
        if (sample.planned < next) continue;
        requests += 1;
        if (!sample.ok) failed += 1;
        next = sample.end + PAUSE;
    }
    return { target, requests, failed };
}
