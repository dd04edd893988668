/** Where a time lies between the start and the end of a run. */
export interface TimeScale {
    /** Percent of the width, from 0 to 100. */
    at(time: number): number;
    /** Percent of the width between two times. */
    width(start: number, end: number): number;
    /** Round times since the start, in milliseconds, for a grid of at most a dozen lines. */
    readonly ticks: readonly number[];
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const MOST_TICKS = 12;

/** @param start milliseconds, as `end` */
export function timeScale({ start, end }: { readonly start: number; readonly end: number }): TimeScale {
    const length = Math.max(1, end - start);
    const at = (time: number) => round(Math.min(100, Math.max(0, ((time - start) / length) * 100)));
    const step = (STEPS.find((seconds) => length / (seconds * 1000) <= MOST_TICKS) ?? 86_400) * 1000;
    return {
        at,
        width: (from, to) => round(at(to) - at(from)),
        ticks: Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step),
    };
}

function round(value: number): number {
    return Math.round(value * 1000) / 1000;
}
