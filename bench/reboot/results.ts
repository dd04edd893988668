import { type Summary, median, summarise } from "../create/statistics";
import type { Figures } from "./figures";
import { type WayName, wayNames } from "./ways";

/** One round: each chosen way once. */
export type Round = Readonly<Partial<Record<WayName, Figures>>>;

/** quorate's wall time may be this many times the physically needed time (TARGETS). */
export const TARGET_RATIO = 1.15;

/** A figure of the table: its title, how to read it from one run (null: there is none), and the digits behind the point. */
export interface Metric {
    readonly title: string;
    readonly of: (run: Figures) => number | null;
    readonly digits: number;
}

/** The table's rows. */
export const METRICS: readonly Metric[] = [
    { title: "ingress requests failed", of: ({ ingress }) => ingress.failed, digits: 0 },
    { title: "  of", of: ({ ingress }) => ingress.sent, digits: 0 },
    { title: "API requests failed", of: ({ api }) => api.failed, digits: 0 },
    { title: "  of", of: ({ api }) => api.sent, digits: 0 },
    { title: "closed loop, one a second: failed", of: ({ closedLoop }) => closedLoop.failed, digits: 0 },
    { title: "  of", of: ({ closedLoop }) => closedLoop.sent, digits: 0 },
    { title: "longest outage (s)", of: ({ longestOutage }) => longestOutage, digits: 1 },
    { title: "wall time (s)", of: ({ time }) => time.wall, digits: 1 },
    { title: "  physically needed (s)", of: ({ time }) => time.needed, digits: 1 },
    { title: "overhead ratio", of: ({ time }) => time.ratio, digits: 2 },
    { title: "pods moved twice", of: ({ podsMovedTwice }) => podsMovedTwice, digits: 0 },
];

/** The rows of quorate without the balancers' turns. */
export const WITHOUT_BALANCERS: readonly Metric[] = [
    { title: "ingress requests failed", of: (run) => run.withoutBalancers?.ingressFailed ?? null, digits: 0 },
    { title: "API requests failed", of: (run) => run.withoutBalancers?.apiFailed ?? null, digits: 0 },
    { title: "wall time (s)", of: (run) => run.withoutBalancers?.time.wall ?? null, digits: 1 },
    { title: "  physically needed (s)", of: (run) => run.withoutBalancers?.time.needed ?? null, digits: 1 },
    { title: "overhead ratio", of: (run) => run.withoutBalancers?.time.ratio ?? null, digits: 2 },
];

/** The runs of one way, in the order of the rounds. */
export function runsOf(rounds: readonly Round[], way: WayName): Figures[] {
    return rounds.flatMap((round) => round[way] ?? []);
}

/** Ways that were measured at least once, in their order. */
export function measuredWays(rounds: readonly Round[]): WayName[] {
    return wayNames.filter((way) => runsOf(rounds, way).length > 0);
}

/** One figure over all runs that have it; undefined when none has. */
export function spreadOf({ of }: Metric, runs: readonly Figures[]): Summary | undefined {
    const values = runs.map(of).filter((value) => value !== null);
    return values.length === 0 ? undefined : summarise(values);
}

/** Where the overhead goes, by phase, medians over the runs (0 where a run has none of it), the longest first. */
export function restOf(runs: readonly Figures[]): { readonly phase: string; readonly seconds: number }[] {
    const phases = new Set(runs.flatMap(({ time }) => time.rest.map(({ phase }) => phase)));
    return [...phases]
        .map((phase) => {
            const found = runs.map(({ time }) => time.rest.find((part) => part.phase === phase)?.seconds ?? 0);
            return { phase, seconds: median(found) };
        })
        .sort((left, right) => right.seconds - left.seconds);
}
