import { groupBy } from "../../probe/groupBy";
import { stays, type Rule } from "./objection";
import type { EvictablePod } from "./rebootPorts";

const AWAITED_KINDS = ["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"] as const;

/** A kind that says how many pods it wants and has, so that replacements of evicted ones can be waited for. */
export type AwaitedKind = (typeof AWAITED_KINDS)[number];

/** The kind of an owner whose pods are waited for; undefined for any other. @param owner as `EvictablePod.owner` */
export function kindToAwait(owner: string): AwaitedKind | undefined {
    return AWAITED_KINDS.find((kind) => owner.startsWith(`${kind}/`));
}

/**
 * Pods that leave, and whose replacements nobody waits for: the next host may take the last replica. A budget keeps it from
 * that, so pods with one are left out, and those of Jobs, which only take longer.
 */
export const unawaitedPods: Rule = (view) => {
    const { pods, budgets } = view.facts;
    const kept = new Set(budgets.flatMap((budget) => budget.pods));
    const unawaited = pods.filter(
        ({ uid, node, owner }) =>
            !stays(view, node) && !kept.has(uid) && kindToAwait(owner) === undefined && !owner.startsWith("Job/"),
    );
    const byOwner = groupBy(unawaited, ({ namespace, owner }) => `${namespace}/${owner}`);
    return [...byOwner.values()].map(warning);
};

function warning(pods: readonly EvictablePod[]): string {
    const [{ namespace = "", name = "", node = "", owner = "" } = {}, ...others] = pods;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    const pod = `pod ${namespace}/${name} on ${node}${more}`;
    if (owner === "") return `nobody makes ${pod} anew: no controller keeps them`;
    return (
        `nobody waits for replacements of ${pod}, because ${owner} is of a kind that is not known here; ` +
        "a budget would make the next host wait"
    );
}
