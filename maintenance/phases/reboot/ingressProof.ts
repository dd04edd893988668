import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitProof } from "./awaitProof";
import { behindBalancers } from "./behindBalancers";

/** Real requests through this very host's ingress are answered, many in a row, before users' are sent there (TRAPS 63). */
export const ingressProof: Phase<RebootScope> = {
    name: "ingress-proof",
    title: ({ host }) => `prove that ingress through ${host.name} answers`,
    shouldRun: behindBalancers,
    deadline: ({ settings }) => settings.deadlines.ready,
    run: (scope) =>
        awaitProof(scope, `good answers through the ingress of ${scope.host.name}`, () =>
            scope.ports.hosts.ingressProof(scope.host.name),
        ),
};
