import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitNothingLeft } from "./awaitNothingLeft";
import { evictedBefore, evictPods, orBlocked } from "./evictPods";
import { STORAGE_NOTE } from "./evictStorage";

const NOTE = "evicted-rest";

/**
 * Evicts every pod that still stands, then waits until no endpoint names an evicted pod and their owners have all their pods
 * again (TRAPS 32, 65).
 */
export const evictRest: Phase<RebootScope> = {
    name: "evict-rest",
    title: ({ host }) => `evict the remaining pods from ${host.name}`,
    deadline: ({ settings }) => settings.deadlines.drain,

    async run(scope) {
        const rest = await evictPods(scope, NOTE, () => true);
        const evicted = [...evictedBefore(scope, STORAGE_NOTE), ...rest];
        if (evicted.length === 0) return;
        const next = "look why the replacements are not ready (`kubectl get pods -A -o wide`), then run again";
        await orBlocked(scope, next, () =>
            awaitNothingLeft(scope, {
                what: `the pods evicted from ${scope.host.name} to be replaced`,
                deadline: scope.settings.deadlines.drain,
                missing: () => scope.ports.pods.unsettled(evicted),
            }),
        );
    },
};
