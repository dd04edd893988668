import type { BudgetRef, PodRef } from "../ports/clusterAdmin";
import { selects } from "../ports/labelSelector";

/** kubectl's words for an eviction that is refused, and for a pod that does not end. */
const BLOCKED_POD = [/evicting pods?\/"([^"]+)" -n "([^"]+)"/g, /waiting for pod "([^"]+)" in namespace "([^"]+)"/g];

/** An eviction that was refused for the moment; it may have succeeded since. */
const RETRIED = /\(will retry after/;

/** Names the pods that a failed drain was stuck on, each with the budget that holds it. Pure. */
export function describeBlockers(output: string, pods: readonly PodRef[], budgets: readonly BudgetRef[]): string {
    const lines = output.trim().split("\n");
    const last = blockedPods(lines.filter((line) => !RETRIED.test(line)));
    const unique = last.size > 0 ? [...last] : [...blockedPods(lines)];
    if (unique.length === 0) return lines.slice(-3).join(" ");
    return unique
        .map(([label, { namespace, name }]) => {
            const pod = pods.find((candidate) => candidate.namespace === namespace && candidate.name === name);
            const holding = pod === undefined ? [] : budgets.filter((budget) => holds(budget, pod));
            return `pod ${label} ${holding.length === 0 ? "does not end" : `is held by ${holding.map(describeBudget).join(" and ")}`}`;
        })
        .join(", ");
}

function blockedPods(lines: readonly string[]): Map<string, Pick<PodRef, "namespace" | "name">> {
    const matches = BLOCKED_POD.flatMap((pattern) => [...lines.join("\n").matchAll(pattern)]);
    return new Map(matches.map(([, name = "", namespace = ""]) => [`${namespace}/${name}`, { namespace, name }]));
}

function describeBudget({ namespace, name, currentHealthy, desiredHealthy }: BudgetRef): string {
    return `PodDisruptionBudget ${namespace}/${name} (${currentHealthy} healthy, ${desiredHealthy} required)`;
}

function holds(budget: BudgetRef, pod: PodRef): boolean {
    return (
        budget.namespace === pod.namespace && budget.disruptionsAllowed === 0 && selects(budget.selector, pod.labels)
    );
}
