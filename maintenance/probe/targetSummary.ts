import type { Dispatch } from "./measurement";
import { longestOutage } from "./outage";
import { percentiles, toTenth } from "./percentiles";
import type { TargetReport } from "./reportShape";
import { latencyOf, type Sample } from "./sample";
import type { Target } from "./target";

/** Totals of one target. @param run its start and end in milliseconds */
export function summarise(
    target: Target,
    samples: readonly Sample[],
    { planned }: Dispatch,
    run: { readonly start: number; readonly end: number },
): TargetReport {
    const { name, kind, connection, counted } = target;
    const ok = samples.filter((sample) => sample.ok).length;
    const seconds = (run.end - run.start) / 1000;
    return {
        name,
        kind,
        connection,
        counted,
        planned,
        sent: samples.length,
        ok,
        failed: samples.length - ok,
        retriedOnFreshConnection: samples.filter((sample) => sample.retriedOnFreshConnection).length,
        longestOutage: toTenth(longestOutage(samples, run.end)),
        latency: percentiles(samples.map(latencyOf)),
        achievedRate: seconds > 0 ? toTenth(samples.length / seconds) : 0,
    };
}
