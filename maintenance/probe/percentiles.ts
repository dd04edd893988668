/** Latencies in milliseconds, to a tenth; 0 where there was nothing to measure. */
export interface Latencies {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
}

/** Percentiles by nearest rank: each one is a value that really occurred. */
export function percentiles(values: readonly number[]): Latencies {
    const sorted = Float64Array.from(values).sort();
    const at = (share: number) => toTenth(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** Rounds milliseconds to a tenth. */
export function toTenth(value: number): number {
    return Math.round(value * 10) / 10;
}
