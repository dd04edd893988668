import { type GraphResource, nameOf } from "../graph/resource";
import { hidesPods, isBudget, isService, selects, selectsNothing } from "../graph/selectors";
import { at, fields } from "../graph/value";
import { makesPods, workloadsOf } from "../graph/workloads";
import { stackRule } from "./rule";

/** Silent where pods may come from what the stack does not show, such as charts, and in a stack without pods. */
export const selectorMatches = stackRule({
    name: "selector-matches",
    wants: "The selector of a Service or PodDisruptionBudget takes pods of the stack.",
    why: "A Service without pods answers nothing, and a budget without pods protects nothing; neither says so.",
    source: {
        title: "Kubernetes: labels and selectors",
        url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
    },
    advice: "Write labels that the pods' template has, in the same namespace.",
    level: "mandatory",
    severity: "high",
    settings: {},
    concerns: (resource) => isService(resource) || isBudget(resource) || makesPods(resource) || hidesPods(resource),
    check: (resources) => {
        const workloads = workloadsOf(resources);
        if (workloads.length === 0 || resources.some(hidesPods)) return [];
        return resources
            .filter((resource) => isService(resource) || isBudget(resource))
            .filter((resource) => !selectsNothing(resource))
            .filter((resource) => workloads.every((workload) => selects(resource, workload) === "no"))
            .map((resource) => ({
                resource,
                message: `${nameOf(resource)}: its selector (${selectorText(resource)}) takes no pods of this stack; write labels of a pod template in the same namespace`,
            }));
    },
});

function selectorText(resource: GraphResource): string {
    const selector = at(resource.properties, "spec", "selector");
    const labels = isService(resource) ? selector : at(selector, "matchLabels");
    return fields(labels)
        .map(([key, value]) => `${key}=${typeof value === "string" ? value : "(unknown)"}`)
        .join(", ");
}
