import { at, isAbsent } from "../graph/value";
import { containerName, isReplicated, preStopSeconds, servingContainers, workloadOf } from "../graph/workloads";
import { resourceRule } from "./rule";

/** TRAPS 32, 65. A DaemonSet's pods are not evicted; what they do when they stop is their balancer's matter. */
export const preStop = resourceRule({
    name: "pre-stop",
    wants: "Every container that listens waits before it stops, long enough for endpoints and balancers to forget it.",
    why: "kube-proxy and the ingress proxy learn of a leaving endpoint after the pod has been told to stop: requests fail for seconds.",
    source: {
        title: "KEP-3960: sleep action for preStop",
        url: "https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/3960-pod-lifecycle-sleep-action",
    },
    advice: "Add lifecycle.preStop.sleep.seconds to the container.",
    level: "mandatory",
    severity: "high",
    settings: { seconds: { default: 5, minimum: 1, means: "seconds that it must wait" } },
    concerns: isReplicated,
    check: (resource, { seconds }) => {
        const workload = workloadOf(resource);
        if (workload === undefined) return [];
        return servingContainers(workload.podSpec).flatMap((container) => {
            const name = containerName(workload, container);
            if (isAbsent(at(container.value, "lifecycle", "preStop"))) {
                return [
                    {
                        resource,
                        message: `${name}: listens but has no preStop; write lifecycle: { preStop: { sleep: { seconds: ${seconds} } } } or more`,
                    },
                ];
            }
            const waits = preStopSeconds(container);
            if (waits === undefined || waits >= seconds) return [];
            return [{ resource, message: `${name}: preStop waits ${waits} s; write ${seconds} s or more` }];
        });
    },
});
