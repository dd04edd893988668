import type { ReportedFailure } from "../../probe/reportShape";

/** Failures close to each other, told as one event. */
export interface Burst {
    /** Planned time of the first and of the last. */
    readonly start: number;
    readonly end: number;
    readonly failures: readonly ReportedFailure[];
}

/** Failures further apart than this many milliseconds are two events. */
const APART = 2000;

/** @param failures by planned time */
export function bursts(failures: readonly ReportedFailure[]): Burst[] {
    const groups: ReportedFailure[][] = [];
    let last = -Infinity;
    for (const failure of failures) {
        const group = groups.at(-1);
        if (group === undefined || failure.planned - last > APART) groups.push([failure]);
        else group.push(failure);
        last = failure.planned;
    }
    return groups.map((group) => ({
        start: group[0]?.planned ?? 0,
        end: group.at(-1)?.planned ?? 0,
        failures: group,
    }));
}

/** How often each word occurs, the most frequent first. */
export function tally(words: readonly string[]): { readonly word: string; readonly count: number }[] {
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    return [...counts].map(([word, count]) => ({ word, count })).toSorted((left, right) => right.count - left.count);
}
