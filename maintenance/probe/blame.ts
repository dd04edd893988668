import { z } from "zod";
import type { Sample } from "./sample";
import type { PhaseSpan } from "./spans";

/** A phase that a failure fell into, or that ended shortly before it. */
export const blameSchema = z.object({
    host: z.string(),
    phase: z.string(),
    relation: z.enum(["during", "after"]),
    /** From the phase's start for `during`, from its end for `after`. */
    milliseconds: z.number(),
});

export type Blame = z.output<typeof blameSchema>;

/** An effect is looked for this long after a phase: a node's first requests, a balancer's checks, a closed connection. */
const AFTERMATH = 10_000;

/**
 * Phases that may have caused a failure, the likeliest first. Those that ran when the request was to be sent: the one that
 * started last has changed most recently. Then those that started while it was under way. If none ran, the one that ended
 * last, at most 10 s before.
 */
export function blame({ planned, end }: Pick<Sample, "planned" | "end">, phases: readonly PhaseSpan[]): Blame[] {
    const during = phases
        .filter((phase) => phase.start <= end && phase.end >= planned)
        .toSorted(
            (left, right) => Number(left.start > planned) - Number(right.start > planned) || right.start - left.start,
        );
    if (during.length > 0) {
        return during.map(({ host, phase, start }) => ({
            host,
            phase,
            relation: "during",
            milliseconds: Math.round(Math.max(0, planned - start)),
        }));
    }
    return phases
        .filter((phase) => phase.end < planned && planned - phase.end <= AFTERMATH)
        .toSorted((left, right) => right.end - left.end)
        .slice(0, 1)
        .map(({ host, phase, end: ended }) => ({
            host,
            phase,
            relation: "after",
            milliseconds: Math.round(planned - ended),
        }));
}
