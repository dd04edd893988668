import type { LaneSpan } from "../../probe/spans";

/** A value for a time. */
export type ValueSpan = Pick<LaneSpan, "value" | "start" | "end">;

/** A value and whose it is. */
export interface SourceValue {
    readonly source: string;
    readonly value: string;
}

/**
 * Several lanes as one: at each time `join` makes one value of those that they have then. Neighbours with the same value
 * are one span. Pure.
 */
export function mergeLanes(
    lanes: ReadonlyMap<string, readonly ValueSpan[]>,
    join: (values: readonly SourceValue[]) => string,
): ValueSpan[] {
    const all = [...lanes].flatMap(([source, spans]) => spans.map((span) => ({ ...span, source })));
    const times = [...new Set(all.flatMap(({ start, end }) => [start, end]))].toSorted((left, right) => left - right);
    const merged: { value: string; start: number; end: number }[] = [];
    for (const [index, start] of times.slice(0, -1).entries()) {
        const end = times[index + 1] ?? start;
        const values = all.filter((span) => span.start <= start && span.end > start);
        if (values.length === 0) continue;
        const value = join(values);
        const last = merged.at(-1);
        if (last?.value === value && last.end === start) last.end = end;
        else merged.push({ value, start, end });
    }
    return merged;
}
