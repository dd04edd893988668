import type { Observation } from "../facts/clusterFacts";

/** One thing that is not as it should be: what was found on whom, what was expected, what to do next. */
export interface Finding {
    /** A `problem` makes the cluster unhealthy; a `warning` only wants to be known. */
    readonly severity: "problem" | "warning";
    /** Name of the host, or of the thing that has none. */
    readonly subject: string;
    readonly found: string;
    readonly expected: string;
    readonly next: string;
}

/** A named condition of the whole cluster. Pure: judges an observation, asks nothing. */
export interface Check {
    readonly name: string;
    /** What holds when the check finds nothing. */
    readonly title: string;
    findings(observation: Observation): readonly Finding[];
}

/** A finding that makes the cluster unhealthy. */
export function problem(finding: Omit<Finding, "severity">): Finding {
    return { severity: "problem", ...finding };
}

/** A finding that does not. */
export function warning(finding: Omit<Finding, "severity">): Finding {
    return { severity: "warning", ...finding };
}

/** The finding as one sentence. */
export function sentence({ subject, found, expected, next }: Finding): string {
    return `${subject}: ${found}; expected ${expected}; ${next}`;
}
