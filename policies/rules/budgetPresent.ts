import { nameOf } from "../graph/resource";
import { isAutoscaler, replicasOf } from "../graph/replicas";
import { hidesPods, isBudget, selects } from "../graph/selectors";
import { isReplicated, workloadsOf } from "../graph/workloads";
import { stackRule } from "./rule";

/** Advisory, because the budget may stand in another stack. */
export const budgetPresent = stackRule({
    name: "budget-present",
    wants: "Replicas have a PodDisruptionBudget.",
    why: "Without one a drain evicts every replica on its node at the same time, and two drains all of them.",
    source: {
        title: "Kubernetes: disruptions",
        url: "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
    },
    advice: "Add a PodDisruptionBudget with maxUnavailable: 1 and the workload's labels.",
    level: "advisory",
    severity: "medium",
    settings: {},
    concerns: (resource) =>
        isReplicated(resource) || isBudget(resource) || isAutoscaler(resource) || hidesPods(resource),
    check: (resources) => {
        const budgets = resources.filter(isBudget);
        if (resources.some(hidesPods)) return [];
        return workloadsOf(resources.filter(isReplicated))
            .filter((workload) => (replicasOf(workload, resources).least ?? 0) > 1)
            .filter((workload) => budgets.every((budget) => selects(budget, workload) === "no"))
            .map(({ resource }) => ({
                resource,
                message: `${nameOf(resource)}: no PodDisruptionBudget in this stack selects its pods; add one with maxUnavailable: 1`,
            }));
    },
});
