import { Duration } from "../../model/duration";
import { bringsText, hostTexts } from "../graph/commands";
import { shutdownDelay } from "../graph/controlPlane";
import { type HaproxyBackend, noticedAfter } from "../graph/haproxy";
import { nameOf } from "../graph/resource";
import { apiBackends } from "./apiBackends";
import { stackRule } from "./rule";

/** TRAPS 18: compares what API servers are told with what the slowest balancer in the stack needs. */
export const shutdownOutlastsChecks = stackRule({
    name: "shutdown-outlasts-checks",
    wants: "A stopping API server serves longer than load balancers take to notice.",
    why: "Otherwise a balancer still sends connections to an API server that has stopped accepting them.",
    source: {
        title: "kube-apiserver: --shutdown-delay-duration",
        url: "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
    },
    advice: "Raise --shutdown-delay-duration above fall x (inter + timeout check), or make the checks faster.",
    level: "mandatory",
    severity: "high",
    settings: { marginSeconds: { default: 0, minimum: 0, means: "seconds that it must be longer" } },
    concerns: bringsText,
    check: (resources, { marginSeconds }) => {
        const slowest = slowestOf(apiBackends(resources));
        if (slowest === undefined) return [];
        const needed = slowest.noticed.plus(Duration.seconds(marginSeconds));
        return resources.flatMap((resource) => {
            const delays = hostTexts(resource)
                .map(shutdownDelay)
                .filter((delay) => delay !== undefined);
            const short = delays.find((delay) => !delay.isLongerThan(needed));
            if (short === undefined) return [];
            return [
                {
                    resource,
                    message: `${nameOf(resource)}: shutdown-delay-duration is ${short}; HAProxy backend ${slowest.backend.name} needs ${slowest.noticed} to notice (fall x (inter + timeout check)). Write more than ${needed}`,
                },
            ];
        });
    },
});

function slowestOf(backends: readonly HaproxyBackend[]) {
    const timed = backends.flatMap((backend) => {
        const noticed = noticedAfter(backend);
        return noticed === undefined ? [] : [{ backend, noticed }];
    });
    return timed.toSorted((one, other) => other.noticed.milliseconds - one.noticed.milliseconds)[0];
}
