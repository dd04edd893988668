import { nameOf } from "../graph/resource";
import { type Value, at } from "../graph/value";
import {
    containerName,
    containersOf,
    gracePeriod,
    isServiceKind,
    preStopSeconds,
    workloadOf,
} from "../graph/workloads";
import { type Change, resourceRule } from "./rule";

/** What the remediation leaves to the application after its preStop: what Kubernetes gives by itself. */
const OWN_SECONDS = 30;

/** TRAPS 32. The remediation only gives pods more time, so it cannot cut anything short. */
export const preStopFitsGrace = resourceRule({
    name: "pre-stop-fits-grace",
    wants: "A pod has more time to end than its preStop takes.",
    why: "The time runs from the first second of preStop: what is not done by then is killed in the middle of its requests.",
    source: {
        title: "Kubernetes: pod termination",
        url: "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
    },
    advice: "Raise terminationGracePeriodSeconds above preStop and the application's own time to end; or set the rule to remediate.",
    level: "mandatory",
    severity: "high",
    settings: { marginSeconds: { default: 1, minimum: 1, means: "seconds that stay for the application itself" } },
    concerns: isServiceKind,
    check: (resource, { marginSeconds }) => {
        const workload = workloadOf(resource);
        const grace = gracePeriod(workload?.podSpec);
        if (workload === undefined || grace === undefined) return [];
        return containersOf(workload.podSpec).flatMap((container) => {
            const waits = preStopSeconds(container);
            if (waits === undefined || waits + marginSeconds <= grace) return [];
            return [
                {
                    resource,
                    message: `${containerName(workload, container)}: preStop waits ${waits} s, but ${nameOf(resource)} is killed after ${grace} s; write terminationGracePeriodSeconds: ${waits + OWN_SECONDS} or a shorter preStop`,
                },
            ];
        });
    },
    remedy: (properties) => {
        const podSpec = at(properties, "spec", "template", "spec");
        const [grace, waits] = [gracePeriod(podSpec), longestPreStop(podSpec)];
        if (grace === undefined || waits === undefined || grace > waits) return [];
        const path = ["spec", "template", "spec", "terminationGracePeriodSeconds"];
        return [{ path, value: waits + OWN_SECONDS }] satisfies Change[];
    },
});

function longestPreStop(podSpec: Value): number | undefined {
    const known = containersOf(podSpec)
        .map(preStopSeconds)
        .filter((seconds) => seconds !== undefined);
    return known.length === 0 ? undefined : Math.ceil(Math.max(...known));
}
