import { z } from "zod";
import { FAILURE_CLASSES } from "./failureClass";

/** One line of samples.ndjson. Times are milliseconds since 1970, to a tenth, on a clock that never goes back. */
export const sampleSchema = z.object({
    target: z.string(),
    kind: z.enum(["ingress", "api-read", "api-write", "api-watch", "readyz"]),
    /** Which of the target's kept connections; 0 for new ones. */
    channel: z.number(),
    /** When it was to be sent. Latency counts from here, so that a wait in the prober is not hidden. */
    planned: z.number(),
    start: z.number(),
    end: z.number(),
    ok: z.boolean(),
    status: z.number().nullable(),
    error: z.enum(FAILURE_CLASSES).nullable(),
    /** What was said, when it failed. */
    detail: z.string(),
    /** What the request really went over: a reused target opens a new connection when its kept one is gone or busy. */
    connection: z.enum(["new", "reused"]),
    /** A kept connection broke before any byte of the answer, and the request was sent once more on a fresh one. */
    retriedOnFreshConnection: z.boolean(),
    /** The pod that answered, when the answer names it. */
    pod: z.string().nullable(),
});

/** What became of one request. */
export type Sample = z.output<typeof sampleSchema>;

/** Milliseconds from the planned time to the end of the answer or to the failure. */
export function latencyOf({ planned, end }: Pick<Sample, "planned" | "end">): number {
    return Math.max(0, end - planned);
}
