import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitNothingLeft } from "./awaitNothingLeft";
import { behindBalancers } from "./behindBalancers";

/** Puts the host back into the balancers' ingress backends and waits until every balancer uses it. */
export const enterIngress: Phase<RebootScope> = {
    name: "enter-ingress",
    title: ({ host }) => `put ${host.name} back into ingress`,
    shouldRun: behindBalancers,
    deadline: ({ settings }) => settings.deadlines.ready,

    async run(scope) {
        const { host, ports, settings } = scope;
        await ports.balancers.setIngress(host.name, "ready");
        await awaitNothingLeft(scope, {
            what: `every load balancer to send requests to ${host.name}`,
            deadline: settings.deadlines.ready,
            missing: async () => {
                const servers = await ports.balancers.ingressServers(host.name);
                return servers
                    .filter(({ up, administrative }) => !up || administrative !== "ready")
                    .map(({ backend, balancer }) => `${backend}/${host.name} is not up on ${balancer}`);
            },
        });
    },
};
