/** What several measurements of the same thing say together. */
export interface Summary {
    readonly median: number;
    readonly min: number;
    readonly max: number;
}

/** The middle value; the mean of the two middle ones of an even number. @throws RangeError without values */
export function median(values: readonly number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const upper = sorted[Math.floor(sorted.length / 2)];
    const lower = sorted[Math.floor((sorted.length - 1) / 2)];
    if (upper === undefined || lower === undefined) throw new RangeError("median of no values; expected at least one");
    return (lower + upper) / 2;
}

/** Median, smallest and largest. @throws RangeError without values */
export function summarise(values: readonly number[]): Summary {
    return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}
