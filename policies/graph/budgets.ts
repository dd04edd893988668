import type { GraphResource } from "./resource";
import { type Value, at, isAbsent } from "./value";

/** What a PodDisruptionBudget grants, as its field says it. */
export interface Allowance {
    readonly field: "maxUnavailable" | "minAvailable";
    readonly value: Value;
}

/** The allowance of a budget; Kubernetes accepts one field of the two. */
export function allowanceOf(budget: GraphResource): Allowance {
    const spec = at(budget.properties, "spec");
    const maxUnavailable = at(spec, "maxUnavailable");
    return isAbsent(maxUnavailable)
        ? { field: "minAvailable", value: at(spec, "minAvailable") }
        : { field: "maxUnavailable", value: maxUnavailable };
}

/**
 * How many of so many ready pods may be evicted at the same time; undefined when it cannot be said. Percentages are rounded
 * up, of both kinds, as Kubernetes does (Specifying a Disruption Budget, "Rounding logic when specifying percentages").
 */
export function evictable({ field, value }: Allowance, replicas: number): number | undefined {
    const amount = podsOf(value, replicas);
    if (amount === undefined) return undefined;
    return field === "maxUnavailable" ? amount : replicas - amount;
}

/** Whether the budget grants no eviction whatever the number of pods. */
export function grantsNothing({ field, value }: Allowance): boolean {
    if (field === "minAvailable") return value === "100%";
    return value === 0 || value === "0" || value === "0%";
}

function podsOf(value: Value, replicas: number): number | undefined {
    if (typeof value === "number") return value;
    if (typeof value !== "string") return undefined;
    const [, amount, percent] = /^(\d+)(%?)$/.exec(value) ?? [];
    if (amount === undefined) return undefined;
    return percent === "%" ? Math.ceil((Number(amount) * replicas) / 100) : Number(amount);
}
