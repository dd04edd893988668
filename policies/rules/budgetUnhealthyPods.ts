import { nameOf } from "../graph/resource";
import { isBudget } from "../graph/selectors";
import { UNKNOWN, at } from "../graph/value";
import { resourceRule } from "./rule";

const PATH = ["spec", "unhealthyPodEvictionPolicy"];

/** TRAPS 31. The remediation lets go only of pods that serve nothing. */
export const budgetUnhealthyPods = resourceRule({
    name: "budget-unhealthy-pods",
    wants: "A PodDisruptionBudget lets go of pods that are not ready.",
    why: "Otherwise one broken replica, which serves nothing, blocks the drain of its node.",
    source: { title: "kubernetes #72320", url: "https://github.com/kubernetes/kubernetes/issues/72320" },
    advice: "Write unhealthyPodEvictionPolicy: AlwaysAllow; or set the rule to remediate.",
    level: "advisory",
    severity: "medium",
    settings: {},
    concerns: isBudget,
    check: (resource) => {
        const policy = at(resource.properties, ...PATH);
        if (policy === UNKNOWN || policy === "AlwaysAllow") return [];
        return [
            {
                resource,
                message: `${nameOf(resource)}: unhealthyPodEvictionPolicy is ${typeof policy === "string" ? policy : "left out"}; write AlwaysAllow`,
            },
        ];
    },
    remedy: (properties) => {
        const policy = at(properties, ...PATH);
        return policy === UNKNOWN || policy === "AlwaysAllow" ? [] : [{ path: PATH, value: "AlwaysAllow" }];
    },
});
