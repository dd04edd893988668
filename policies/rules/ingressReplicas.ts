import { ingressOf, leadsToPods } from "../graph/ingress";
import { isAutoscaler, replicasOf } from "../graph/replicas";
import { nameOf } from "../graph/resource";
import { isReplicated, workloadsOf } from "../graph/workloads";
import { stackRule } from "./rule";

/** TRAPS 32. Follows Ingress, Service and pods through the stack; an autoscaler's minimum has a rule of its own. */
export const ingressReplicas = stackRule({
    name: "ingress-replicas",
    wants: "What stands behind an Ingress has at least two replicas.",
    why: "Users see every move of a single replica: each drain, each crash.",
    source: { title: "kubernetes #48307", url: "https://github.com/kubernetes/kubernetes/issues/48307" },
    advice: "Write replicas: 2 or more, or an autoscaler with such a minimum.",
    level: "mandatory",
    severity: "high",
    settings: { minimum: { default: 2, minimum: 1, means: "replicas" } },
    concerns: (resource) => isReplicated(resource) || isAutoscaler(resource) || leadsToPods(resource),
    check: (resources, { minimum }) =>
        workloadsOf(resources.filter(isReplicated)).flatMap((workload) => {
            const ingress = ingressOf(workload, resources);
            const { least, autoscaler } = replicasOf(workload, resources);
            if (ingress === undefined || autoscaler !== undefined) return [];
            if (least === undefined || least === 0 || least >= minimum) return [];
            const { resource } = workload;
            return [
                {
                    resource,
                    message: `${nameOf(resource)}: ${nameOf(ingress)} leads to it, and it has ${least} replica${least === 1 ? "" : "s"}; write ${minimum} or more`,
                },
            ];
        }),
});
