import { at, isAbsent } from "../graph/value";
import { containerName, containersOf, isServiceKind, workloadOf } from "../graph/workloads";
import { resourceRule } from "./rule";

/** No limit on CPU is asked for: it slows a pod down where a busy neighbour already has to give way. */
const WANTED = [
    ["requests", "cpu"],
    ["requests", "memory"],
    ["limits", "memory"],
] as const;

/** TRAPS 34: a drain needs to know what fits elsewhere. */
export const requestsAndLimits = resourceRule({
    name: "requests-and-limits",
    wants: "Every container requests CPU and memory, and has a limit for memory.",
    why: "A drain can only tell whether evicted pods fit elsewhere by their requests; without a limit one pod takes its node's memory, and others with it.",
    source: {
        title: "Kubernetes: resource management",
        url: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    },
    advice: "Write resources.requests.cpu, resources.requests.memory and resources.limits.memory.",
    level: "advisory",
    severity: "medium",
    settings: {},
    concerns: isServiceKind,
    check: (resource) => {
        const workload = workloadOf(resource);
        if (workload === undefined) return [];
        return containersOf(workload.podSpec).flatMap((container) => {
            // Kubernetes takes the limit for a request that is left out.
            const missing = WANTED.filter(([kind, name]) =>
                [kind, "limits"].every((place) => isAbsent(at(container.value, "resources", place, name))),
            ).map((place) => `resources.${place.join(".")}`);
            if (missing.length === 0) return [];
            return [
                {
                    resource,
                    message: `${containerName(workload, container)}: has no ${missing.join(", ")}; write what it needs`,
                },
            ];
        });
    },
});
