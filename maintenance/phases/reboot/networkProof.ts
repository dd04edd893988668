import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitProof } from "./awaitProof";

/** Pods of other nodes and the cluster's DNS answer the host, several times in a row (TRAPS 63, 64). */
export const networkProof: Phase<RebootScope> = {
    name: "network-proof",
    title: ({ host }) => `prove that the pod network reaches from ${host.name} to other nodes`,
    deadline: ({ settings }) => settings.deadlines.ready,
    run: (scope) =>
        awaitProof(scope, `the pod network of ${scope.host.name}`, () =>
            scope.ports.hosts.podNetworkProof(scope.host.name),
        ),
};
