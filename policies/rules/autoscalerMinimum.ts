import { nameOf } from "../graph/resource";
import { autoscalerMinimum as minimumOf, isAutoscaler } from "../graph/replicas";
import { resourceRule } from "./rule";

/** TRAPS 31, 32: the minimum is what a drain meets in a quiet hour. */
export const autoscalerMinimum = resourceRule({
    name: "autoscaler-minimum",
    wants: "An autoscaler keeps at least two replicas.",
    why: "In a quiet hour it goes down to its minimum; one replica is away while it moves, and its budget blocks every drain.",
    source: {
        title: "Kubernetes: HorizontalPodAutoscaler",
        url: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/",
    },
    advice: "Write minReplicas: 2 or more; 1 is what Kubernetes takes where it is left out.",
    level: "mandatory",
    severity: "high",
    settings: { minimum: { default: 2, minimum: 1, means: "replicas" } },
    concerns: isAutoscaler,
    check: (resource, { minimum }) => {
        const least = minimumOf(resource);
        if (least === undefined || least >= minimum) return [];
        return [{ resource, message: `${nameOf(resource)}: minReplicas is ${least}; write ${minimum} or more` }];
    },
});
