import { at, isAbsent } from "../graph/value";
import { containerName, isServiceKind, servingContainers, workloadOf } from "../graph/workloads";
import { resourceRule } from "./rule";

/** TRAPS 32, 63. */
export const readinessProbe = resourceRule({
    name: "readiness-probe",
    wants: "Every container that listens has a readiness probe.",
    why: "Without one a pod gets requests from the moment it is started, and a drain goes on before its replacement serves.",
    source: {
        title: "Kubernetes: readiness probes",
        url: "https://kubernetes.io/docs/concepts/workloads/pods/probes/",
    },
    advice: "Add readinessProbe with a path that is good only while requests can be answered.",
    level: "mandatory",
    severity: "high",
    settings: {},
    concerns: isServiceKind,
    check: (resource) => {
        const workload = workloadOf(resource);
        if (workload === undefined) return [];
        return servingContainers(workload.podSpec)
            .filter(({ value }) => isAbsent(at(value, "readinessProbe")))
            .map((container) => ({
                resource,
                message: `${containerName(workload, container)}: listens but has no readinessProbe; write one that asks the application whether it can answer`,
            }));
    },
});
