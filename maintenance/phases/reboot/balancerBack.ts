import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitNothingLeft } from "./awaitNothingLeft";

/** The load balancer could serve everything again, should it get the virtual address this moment. */
export const balancerBack: Phase<RebootScope> = {
    name: "balancer-back",
    title: ({ host }) => `wait for load balancer ${host.name}`,
    deadline: ({ settings }) => settings.deadlines.ready,
    run: (scope) =>
        awaitNothingLeft(scope, {
            what: `load balancer ${scope.host.name} to serve`,
            deadline: scope.settings.deadlines.ready,
            missing: () => scope.ports.hosts.unservedByBalancer(scope.host.name),
        }),
};
