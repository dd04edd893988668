import type { PhaseEvent } from "../../maintenance/probe/maintenanceEvents";
import type { ProbeReport } from "../../maintenance/probe/reportShape";
import { phaseSpans } from "../../maintenance/probe/spans";
import { type Overhead, type Window, overhead } from "./overhead";
import { movedTwice } from "./podMoves";

/** One way, once, as it was measured. */
export interface Measured {
    readonly report: ProbeReport;
    readonly phases: readonly PhaseEvent[];
    /** From the beginning of the work to its end; the prober ran longer. */
    readonly window: Window;
    readonly pods: { readonly created: number; readonly byNode: readonly number[] };
    /** Hosts that are load balancers. */
    readonly balancers: readonly string[];
}

/** Requests of one kind, open loop. */
export interface Requests {
    readonly failed: number;
    readonly sent: number;
}

/** What one way came to, once. Times in seconds. */
export interface Figures {
    readonly ingress: Requests;
    readonly api: Requests;
    /** One ingress request a second, as the article measured. */
    readonly closedLoop: Requests;
    /** Longest span from a failure to the next success, of every target that users come by. */
    readonly longestOutage: number;
    readonly time: Time;
    readonly podsMovedTwice: number;
    /** Why the measurement proves nothing; empty for a valid one. */
    readonly invalid: readonly string[];
    /** The same without the balancers' turns, which come last; absent when they were not rebooted. */
    readonly withoutBalancers?: { readonly ingressFailed: number; readonly apiFailed: number; readonly time: Time };
}

/** Where the time went, in seconds. */
export interface Time {
    readonly wall: number;
    readonly needed: number;
    readonly ratio: number | null;
    readonly rest: readonly { readonly phase: string; readonly seconds: number }[];
}

type Group = "ingress" | "api";
const groupOf = (target: string): Group => (target.startsWith("ingress/") ? "ingress" : "api");

/** What the prober and the run's events say together. Only requests that users would send are counted. */
export function figures({ report, phases, window, pods, balancers }: Measured): Figures {
    const counted = report.targets.filter(({ counted: counts }) => counts);
    const requests = (group: Group): Requests => {
        const targets = counted.filter(({ name }) => groupOf(name) === group);
        return { failed: sum(targets.map(({ failed }) => failed)), sent: sum(targets.map(({ sent }) => sent)) };
    };
    const closed = report.closedLoop.filter(({ target }) => groupOf(target) === "ingress");
    const spans = phaseSpans(phases, window.end);
    const balancersFrom = spans.find(({ host }) => balancers.includes(host))?.start;
    return {
        ingress: requests("ingress"),
        api: requests("api"),
        closedLoop: { failed: sum(closed.map(({ failed }) => failed)), sent: sum(closed.map((one) => one.requests)) },
        longestOutage: Math.max(0, ...counted.map(({ longestOutage }) => longestOutage)) / 1000,
        time: inSeconds(overhead(spans, window)),
        podsMovedTwice: movedTwice(pods.created, pods.byNode),
        invalid: report.invalid,
        ...(balancersFrom !== undefined && {
            withoutBalancers: {
                ingressFailed: failedBefore(report, "ingress", balancersFrom),
                apiFailed: failedBefore(report, "api", balancersFrom),
                time: inSeconds(overhead(spans, { start: window.start, end: balancersFrom })),
            },
        }),
    };
}

function failedBefore({ failures }: ProbeReport, group: Group, time: number): number {
    return failures.filter((one) => one.counted && groupOf(one.target) === group && one.planned < time).length;
}

function inSeconds({ wall, needed, ratio, rest }: Overhead): Time {
    return {
        wall: wall / 1000,
        needed: needed / 1000,
        ratio,
        rest: rest.map(({ phase, milliseconds }) => ({ phase, seconds: milliseconds / 1000 })),
    };
}

function sum(values: readonly number[]): number {
    return values.reduce((total, value) => total + value, 0);
}
