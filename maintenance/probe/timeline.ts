import { percentiles } from "./percentiles";
import type { ProbeReport, TimelineSeries } from "./reportShape";
import { latencyOf, type Sample } from "./sample";

type Timeline = ProbeReport["timeline"];

/** Widths of a span of time, in milliseconds; the first that gives few enough spans is taken. */
const WIDTHS = [250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];
const MOST_SPANS = 400;

/** Counts and latencies of the counted samples over time, in at most 400 spans (more only beyond 16 days). */
export function timeline(samples: readonly Sample[], run: { readonly start: number; readonly end: number }): Timeline {
    const length = Math.max(1, run.end - run.start);
    const width = WIDTHS.find((candidate) => length / candidate <= MOST_SPANS) ?? WIDTHS.at(-1) ?? length;
    const spans = Math.ceil(length / width);
    const groups = (["ingress", "api"] as const).map((group) =>
        series(
            group,
            samples.filter(({ kind }) => (kind === "ingress") === (group === "ingress")),
            { start: run.start, width, spans },
        ),
    );
    return { width, series: groups.filter(({ sent }) => sent.some((count) => count > 0)) };
}

function series(
    group: TimelineSeries["group"],
    samples: readonly Sample[],
    { start, width, spans }: { readonly start: number; readonly width: number; readonly spans: number },
): TimelineSeries {
    const latencies = Array.from({ length: spans }, (): number[] => []);
    const failed = Array.from({ length: spans }, () => 0);
    for (const sample of samples) {
        const span = Math.min(spans - 1, Math.max(0, Math.floor((sample.planned - start) / width)));
        latencies[span]?.push(latencyOf(sample));
        if (!sample.ok) failed[span] = (failed[span] ?? 0) + 1;
    }
    const figures = latencies.map(percentiles);
    return {
        group,
        sent: latencies.map(({ length }) => length),
        failed,
        median: figures.map(({ p50 }) => p50),
        worst: figures.map(({ max }) => max),
    };
}
