import { type Value, at, count, isAbsent, isSame } from "../graph/value";
import { containerName, containersOf, isServiceKind, workloadOf } from "../graph/workloads";
import { resourceRule } from "./rule";

const HANDLERS = ["httpGet", "tcpSocket", "grpc", "exec"] as const;

/** Compares the time until each probe acts; only probes with the same question can act for the same reason. */
export const livenessPatience = resourceRule({
    name: "liveness-patience",
    wants: "A liveness probe that asks the same as the readiness probe waits longer.",
    why: "A slow moment should take a pod out of service; as fast a liveness probe restarts all replicas in that moment.",
    source: {
        title: "Kubernetes: configure probes",
        url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
    },
    advice: "Raise failureThreshold or periodSeconds of the liveness probe, ask it something simpler, or leave it out.",
    level: "advisory",
    severity: "medium",
    settings: {},
    concerns: isServiceKind,
    check: (resource) => {
        const workload = workloadOf(resource);
        if (workload === undefined) return [];
        return containersOf(workload.podSpec).flatMap((container) => {
            const liveness = at(container.value, "livenessProbe");
            const readiness = at(container.value, "readinessProbe");
            if (isAbsent(liveness) || isAbsent(readiness) || !asksTheSame(liveness, readiness)) return [];
            const [restarts, leaves] = [patience(liveness), patience(readiness)];
            if (restarts === undefined || leaves === undefined || restarts > leaves) return [];
            return [
                {
                    resource,
                    message: `${containerName(workload, container)}: livenessProbe restarts after ${restarts} s what readinessProbe takes out of service after ${leaves} s, with the same question; write a longer failureThreshold or periodSeconds`,
                },
            ];
        });
    },
});

function asksTheSame(one: Value, other: Value): boolean {
    return HANDLERS.some((handler) => !isAbsent(at(one, handler)) && isSame(at(one, handler), at(other, handler)));
}

/** Seconds of failing until something happens, with Kubernetes' own defaults of 3 failures, 10 s apart. */
function patience(probe: Value): number | undefined {
    const failures = count(at(probe, "failureThreshold"), 3);
    const period = count(at(probe, "periodSeconds"), 10);
    return failures === undefined || period === undefined ? undefined : failures * period;
}
