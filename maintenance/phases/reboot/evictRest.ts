import type { EvictablePod } from "../../actions/reboot/rebootPorts";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitNothingLeft } from "./awaitNothingLeft";
import { evictedBefore } from "./evictedPods";
import { evictPods, orBlocked } from "./evictPods";

/**
 * Evicts every pod that still stands, then waits until no endpoint names an evicted pod and their owners have all their pods
 * again (TRAPS 32, 65).
 */
export const evictRest: Phase<RebootScope> = {
    name: "evict-rest",
    title: ({ host }) => `evict the remaining pods from ${host.name}`,
    deadline: ({ settings }) => settings.deadlines.drain,

    async run(scope) {
        const { host, ports, settings, progress } = scope;
        // What policy `force` has given up once would keep it waiting a second time.
        const givenUp = new Set(evictedBefore(scope, "evicted-storage").map(({ uid }) => uid));
        const back = await evictPods(scope, "evicted-rest", ({ uid }) => !givenUp.has(uid));
        for (const pod of back) progress.warn(stays(pod));
        const evicted = evictedBefore(scope);
        if (evicted.length === 0) return;
        const next = "look why the replacements are not ready (`kubectl get pods -A -o wide`), then run again";
        await orBlocked(scope, next, () =>
            awaitNothingLeft(scope, {
                what: `the pods evicted from ${host.name} to be replaced`,
                deadline: settings.deadlines.drain,
                missing: () => ports.pods.unsettled(evicted),
            }),
        );
    },
};

function stays({ namespace, name, node, owner }: EvictablePod): string {
    return (
        `pod ${namespace}/${name} is back on ${node}: it tolerates the cordon, so it goes through the reboot there, ` +
        `as a DaemonSet's pod does; take that toleration from ${owner} if it should move`
    );
}
