import { groupBy } from "./groupBy";

/** What an outage is made from. */
export interface Outcome {
    readonly channel: number;
    readonly planned: number;
    readonly ok: boolean;
}

/**
 * Longest span, in milliseconds, from a request that failed to the next one that succeeded, by planned times, or to the
 * end of the run. Each kept connection is looked at on its own: one that is broken would hide among healthy ones.
 */
export function longestOutage(outcomes: readonly Outcome[], runEnd: number): number {
    const channels = groupBy(outcomes, ({ channel }) => channel);
    return Math.max(0, ...[...channels.values()].map((channel) => longestIn(channel, runEnd)));
}

function longestIn(outcomes: readonly Outcome[], runEnd: number): number {
    let longest = 0;
    let since: number | undefined;
    for (const { planned, ok } of outcomes.toSorted((left, right) => left.planned - right.planned)) {
        if (!ok) since ??= planned;
        else if (since !== undefined) {
            longest = Math.max(longest, planned - since);
            since = undefined;
        }
    }
    return since === undefined ? longest : Math.max(longest, runEnd - since);
}
