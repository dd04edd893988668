import { ingressOf, leadsToPods } from "../graph/ingress";
import { isAutoscaler, replicasOf } from "../graph/replicas";
import { nameOf } from "../graph/resource";
import { isReplicated, workloadsOf } from "../graph/workloads";
import { stackRule } from "./rule";

/**
 * TRAPS 32. No replica at all is switched off on purpose. What stands behind an Ingress, and an autoscaler's minimum, have
 * rules of their own.
 */
export const replicas = stackRule({
    name: "replicas",
    wants: "A Deployment or StatefulSet has at least two replicas.",
    why: "An eviction does not start the replacement first: a single replica is away while it moves.",
    source: { title: "kubernetes #48307", url: "https://github.com/kubernetes/kubernetes/issues/48307" },
    advice: "Write replicas: 2 or more, or an autoscaler with such a minimum.",
    level: "advisory",
    severity: "medium",
    settings: { minimum: { default: 2, minimum: 1, means: "replicas" } },
    concerns: (resource) => isReplicated(resource) || isAutoscaler(resource) || leadsToPods(resource),
    check: (resources, { minimum }) =>
        workloadsOf(resources.filter(isReplicated)).flatMap((workload) => {
            const { least, autoscaler } = replicasOf(workload, resources);
            if (least === undefined || least === 0 || least >= minimum) return [];
            if (autoscaler !== undefined || ingressOf(workload, resources) !== undefined) return [];
            const { resource } = workload;
            return [
                {
                    resource,
                    message: `${nameOf(resource)}: has ${least} replica${least === 1 ? "" : "s"}; write ${minimum} or more`,
                },
            ];
        }),
});
