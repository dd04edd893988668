import { allowanceOf, evictable, grantsNothing } from "../graph/budgets";
import { type GraphResource, nameOf } from "../graph/resource";
import { isAutoscaler, replicasOf } from "../graph/replicas";
import { isBudget, selects } from "../graph/selectors";
import { isReplicated, workloadsOf } from "../graph/workloads";
import { type Finding, stackRule } from "./rule";

/** TRAPS 31. */
export const budgetAllowsEviction = stackRule({
    name: "budget-allows-eviction",
    wants: "A PodDisruptionBudget lets at least one pod go.",
    why: "A budget as large as the number of replicas blocks every drain for ever; the usual way out is to delete pods by force.",
    source: {
        title: "Kubernetes: specifying a disruption budget",
        url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    },
    advice: "Write maxUnavailable: 1, or a minAvailable below the fewest replicas.",
    level: "mandatory",
    severity: "high",
    settings: {},
    concerns: (resource) => isBudget(resource) || isReplicated(resource) || isAutoscaler(resource),
    check: (resources) => resources.filter(isBudget).flatMap((budget) => blocked(budget, resources)),
});

function blocked(budget: GraphResource, resources: readonly GraphResource[]): readonly Finding[] {
    const allowance = allowanceOf(budget);
    const said = `${nameOf(budget)}: ${allowance.field} ${String(allowance.value)}`;
    if (grantsNothing(allowance)) {
        return [{ resource: budget, message: `${said} forbids every eviction; write maxUnavailable: 1` }];
    }
    return workloadsOf(resources.filter(isReplicated)).flatMap((workload) => {
        const { least } = replicasOf(workload, resources);
        if (least === undefined || least === 0 || selects(budget, workload) !== "yes") return [];
        const spare = evictable(allowance, least);
        if (spare === undefined || spare > 0) return [];
        const remedy =
            least > 1 ? `write maxUnavailable: 1` : `give it more replicas, or leave the budget out: one pod has to go`;
        return [
            {
                resource: budget,
                message: `${said} forbids every eviction of ${nameOf(workload.resource)}, which has ${least} replica${least === 1 ? "" : "s"} at least; ${remedy}`,
            },
        ];
    });
}
