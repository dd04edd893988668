import { z } from "zod";
import { blameSchema } from "./blame";
import { sampleSchema } from "./sample";
import { laneSpanSchema, phaseSpanSchema } from "./spans";

/** Version of the shape of report.json; raised when a field changes its meaning or goes away. */
export const PROBE_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();

const targetReport = z.object({
    name: z.string(),
    kind: sampleSchema.shape.kind,
    connection: sampleSchema.shape.connection,
    /** Whether failures count against the budget. */
    counted: z.boolean(),
    /** Requests whose time had come; events expected, for the watch. */
    planned: count,
    sent: count,
    ok: count,
    failed: count,
    retriedOnFreshConnection: count,
    /** Longest span from a failure to the next success, in milliseconds. */
    longestOutage: z.number(),
    /** From the planned time, in milliseconds, failures included. */
    latency: z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() }),
    /** `sent` a second, over the whole run. */
    achievedRate: z.number(),
});

const failure = sampleSchema
    .pick({ target: true, planned: true, end: true, status: true, error: true, detail: true, connection: true })
    .extend({ counted: z.boolean(), phases: z.array(blameSchema) });

const pause = z.object({ at: z.number(), milliseconds: z.number() });

/** Requests of one group of counted targets in consecutive spans of time. */
const timelineSeries = z.object({
    group: z.enum(["ingress", "api"]),
    sent: z.array(count),
    failed: z.array(count),
    /** In milliseconds; 0 where nothing was sent. */
    median: z.array(z.number()),
    worst: z.array(z.number()),
});

/** report.json. Times are milliseconds since 1970 UTC unless they are ISO 8601 text; lengths are milliseconds. */
export const probeReportSchema = z.object({
    schemaVersion: z.literal(PROBE_SCHEMA_VERSION),
    cluster: z.string(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime(),
    start: z.number(),
    end: z.number(),
    /** Makes the same plan again. */
    seed: z.number(),
    verdict: z.enum(["within budget", "over budget", "invalid"]),
    /** Why the run proves nothing; empty for a valid one. */
    invalid: z.array(z.string()),
    /** Which budgets were exceeded, and by how much. */
    exceeded: z.array(z.string()),
    budget: z.object({ failed: count, outage: z.number().nullable(), minRate: z.number() }),
    targets: z.array(targetReport),
    closedLoop: z.array(z.object({ target: z.string(), requests: count, failed: count })),
    /** Null when the API was not probed. A gap is from a watch's end to its re-opening. */
    watch: z.object({ opened: count, gaps: z.array(pause) }).nullable(),
    /** Times at which the prober itself stood still. */
    stalls: z.array(pause),
    /** Delay of sending behind the plan. */
    sendLag: z.object({ p99: z.number(), max: z.number() }),
    /** Times and counts of the prober itself. */
    cost: z.object({ cpuSeconds: z.number(), peakMemoryMiB: z.number() }),
    failures: z.array(failure),
    phases: z.array(phaseSpanSchema),
    lanes: z.array(laneSpanSchema),
    unreadableEventLines: count,
    timeline: z.object({ width: z.number(), series: z.array(timelineSeries) }),
});

/** What a run of the prober found. */
export type ProbeReport = z.output<typeof probeReportSchema>;
export type TargetReport = z.output<typeof targetReport>;
export type ReportedFailure = z.output<typeof failure>;
export type TimelineSeries = z.output<typeof timelineSeries>;
export type Pause = z.output<typeof pause>;
