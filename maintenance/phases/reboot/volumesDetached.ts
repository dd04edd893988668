import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitNothingLeft } from "./awaitNothingLeft";
import { orBlocked } from "./evictPods";

/** Waits until no volume is attached to the node: a mount that hangs can hold up its shutdown (TRAPS 37, 45). */
export const volumesDetached: Phase<RebootScope> = {
    name: "volumes-detached",
    title: ({ host }) => `wait for volumes to leave ${host.name}`,
    deadline: ({ settings }) => settings.deadlines.volumes,
    run: (scope) =>
        orBlocked(scope, "look at `kubectl get volumeattachments` and the storage driver, then run again", () =>
            awaitNothingLeft(scope, {
                what: `volumes to be detached from ${scope.host.name}`,
                deadline: scope.settings.deadlines.volumes,
                missing: async () => {
                    const attached = await scope.ports.nodes.volumesAttached(scope.host.name);
                    return attached.map((volume) => `volume ${volume} is attached`);
                },
            }),
        ),
};
