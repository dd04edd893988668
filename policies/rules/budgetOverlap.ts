import { nameOf } from "../graph/resource";
import { isBudget, selects } from "../graph/selectors";
import { makesPods, workloadsOf } from "../graph/workloads";
import { stackRule } from "./rule";

/** TRAPS 31. */
export const budgetOverlap = stackRule({
    name: "budget-overlap",
    wants: "No pod stands under two PodDisruptionBudgets.",
    why: "The API server refuses to evict such a pod with an error (500), so that a drain never ends.",
    source: { title: "kubernetes #75957", url: "https://github.com/kubernetes/kubernetes/issues/75957" },
    advice: "Keep one budget for each workload and make the selectors narrower.",
    level: "mandatory",
    severity: "high",
    settings: {},
    concerns: (resource) => isBudget(resource) || makesPods(resource),
    check: (resources) => {
        const budgets = resources.filter(isBudget);
        return workloadsOf(resources).flatMap((workload) => {
            const over = budgets.filter((budget) => selects(budget, workload) === "yes");
            const [, second] = over;
            if (second === undefined) return [];
            return [
                {
                    resource: second,
                    message: `${nameOf(second)}: selects the pods of ${nameOf(workload.resource)}, as ${over
                        .filter((budget) => budget !== second)
                        .map(nameOf)
                        .join(" and ")} does; leave one budget for them`,
                },
            ];
        });
    },
});
