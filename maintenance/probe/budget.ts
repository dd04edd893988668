import { Duration } from "../../model/duration";
import type { Measurement } from "./measurement";
import type { TargetReport } from "./reportShape";

/** What a run may cost its users, and how well it must have measured to say so. */
export interface Budget {
    /** Failed requests, all counted targets together. */
    readonly failed: number;
    readonly outage: Duration | undefined;
    /** Smallest share of the planned requests that must have been sent. */
    readonly minRate: number;
    /** Longest time for which the prober may have stood still. */
    readonly maxStall: Duration;
}

/** Exceeded budgets, each with what was found and what was allowed. */
export function exceeded(targets: readonly TargetReport[], budget: Budget): string[] {
    const counted = targets.filter((target) => target.counted);
    const failed = counted.reduce((sum, target) => sum + target.failed, 0);
    const found: string[] = [];
    if (failed > budget.failed) found.push(`${failed} failed requests; the budget is ${budget.failed}`);
    for (const { name, longestOutage } of counted) {
        if (budget.outage === undefined || longestOutage <= budget.outage.milliseconds) continue;
        found.push(`outage of ${Math.round(longestOutage)} ms at ${name}; the budget is ${budget.outage}`);
    }
    return found;
}

/** Reasons why a run proves nothing: the prober did not look, or its own troubles may be taken for the cluster's. */
export function invalidReasons(run: Measurement, targets: readonly TargetReport[], budget: Budget): string[] {
    return [
        ...emptyTargets(targets),
        ...lowRates(targets, budget),
        ...unsent(run),
        ...stalls(run, budget),
        ...lateSends(run, budget),
        ...local(run),
    ];
}

function emptyTargets(targets: readonly TargetReport[]): string[] {
    return targets
        .filter(({ counted, sent }) => counted && sent === 0)
        .map(({ name }) => `nothing was measured at ${name}; let the run last longer`);
}

function lowRates(targets: readonly TargetReport[], { minRate }: Budget): string[] {
    return targets
        .filter(({ counted, planned, sent }) => counted && planned > 0 && sent / planned < minRate)
        .map(
            ({ name, planned, sent }) =>
                `only ${sent} of ${planned} planned requests were sent to ${name}; expected a share of at least ${minRate}`,
        );
}

function unsent({ dispatch }: Measurement): string[] {
    const total = [...dispatch.values()].reduce((sum, target) => sum + target.unsent, 0);
    if (total === 0) return [];
    return [
        `${total} requests could not be sent in time: the prober stood still or too many were under way; lower the rates or raise --max-in-flight`,
    ];
}

const REMEDY = "run the prober where it gets its share of the processor, or raise --max-stall";

function stalls(run: Measurement, { maxStall }: Budget): string[] {
    const longest = Math.max(0, ...run.stalls.map(({ milliseconds }) => milliseconds));
    if (longest <= maxStall.milliseconds) return [];
    return [`the prober itself stood still for ${Math.round(longest)} ms; expected at most ${maxStall}: ${REMEDY}`];
}

function lateSends({ samples }: Measurement, { maxStall }: Budget): string[] {
    const latest = samples.reduce((lag, { start, planned }) => Math.max(lag, start - planned), 0);
    if (latest <= maxStall.milliseconds) return [];
    return [
        `requests were sent up to ${Math.round(latest)} ms behind the plan; expected at most ${maxStall}: ${REMEDY}`,
    ];
}

function local({ samples }: Measurement): string[] {
    const own = samples.filter(({ error }) => error === "local");
    if (own.length === 0) return [];
    return [
        `${own.length} requests failed on the prober's own machine (${own[0]?.detail}); raise its limits of files and ports, or lower the rates`,
    ];
}
