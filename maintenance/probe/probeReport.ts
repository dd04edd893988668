import { blame } from "./blame";
import { exceeded, invalidReasons, type Budget } from "./budget";
import { closedLoop } from "./closedLoop";
import { groupBy } from "./groupBy";
import type { Measurement } from "./measurement";
import { percentiles } from "./percentiles";
import { PROBE_SCHEMA_VERSION, type ProbeReport, type ReportedFailure } from "./reportShape";
import { laneSpans, phaseSpans, type PhaseSpan } from "./spans";
import { summarise } from "./targetSummary";
import { timeline } from "./timeline";

const NOTHING = { planned: 0, unsent: 0 };

/** Judges a run. A run that proves nothing is invalid, whatever it has found. */
export function probeReport(run: Measurement, budget: Budget): ProbeReport {
    const byTarget = groupBy(run.samples, ({ target }) => target);
    const targets = run.targets.map((target) =>
        summarise(target, byTarget.get(target.name) ?? [], run.dispatch.get(target.name) ?? NOTHING, run),
    );
    const invalid = invalidReasons(run, targets, budget);
    const over = exceeded(targets, budget);
    const phases = phaseSpans(run.events.phases, run.end);
    const countedNames = new Set(targets.filter(({ counted }) => counted).map(({ name }) => name));
    const lag = percentiles(run.samples.map(({ planned, start }) => Math.max(0, start - planned)));
    return {
        schemaVersion: PROBE_SCHEMA_VERSION,
        cluster: run.cluster,
        startedAt: new Date(run.start).toISOString(),
        endedAt: new Date(run.end).toISOString(),
        start: run.start,
        end: run.end,
        seed: run.seed,
        verdict: invalid.length > 0 ? "invalid" : over.length > 0 ? "over budget" : "within budget",
        invalid,
        exceeded: over,
        budget: { failed: budget.failed, outage: budget.outage?.milliseconds ?? null, minRate: budget.minRate },
        targets,
        closedLoop: closedLoops(run, byTarget),
        watch: run.watch === null ? null : { opened: run.watch.opened, gaps: [...run.watch.gaps] },
        stalls: [...run.stalls],
        sendLag: { p99: lag.p99, max: lag.max },
        cost: run.cost,
        failures: failures(run, phases, countedNames),
        phases,
        lanes: laneSpans(run.events.lanes, run.end),
        unreadableEventLines: run.events.unreadableLines,
        timeline: timeline(
            run.samples.filter(({ target }) => countedNames.has(target)),
            run,
        ),
    };
}

function closedLoops(run: Measurement, byTarget: ReadonlyMap<string, Measurement["samples"]>) {
    return run.targets
        .filter(({ counted, connection, kind }) => counted && connection === "new" && kind !== "api-watch")
        .map(({ name }) => closedLoop(name, byTarget.get(name) ?? []));
}

function failures(run: Measurement, phases: readonly PhaseSpan[], counted: ReadonlySet<string>): ReportedFailure[] {
    return run.samples
        .filter(({ ok }) => !ok)
        .toSorted((left, right) => left.planned - right.planned)
        .map((sample) => {
            const { target, planned, end, status, error, detail, connection } = sample;
            const phasesOf = blame(sample, phases);
            return {
                ...{ target, planned, end, status, error, detail, connection },
                counted: counted.has(target),
                phases: phasesOf,
            };
        });
}
