import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { DeadlineError } from "../../workflow/until";
import { awaitNothingLeft } from "./awaitNothingLeft";
import { awaitProof } from "./awaitProof";
import { behindBalancers } from "./behindBalancers";

/**
 * Takes the host out of the balancers' ingress backends, on every balancer, and waits for the requests it still answers. What
 * lives longer than the deadline ends with the reboot (TRAPS 21). Without a reboot users come back when the ingress answers:
 * its pods may have been ended together with the API server, and balancers count a server that leaves maint as up (TRAPS 63).
 */
export const leaveIngress: Phase<RebootScope> = {
    name: "leave-ingress",
    title: ({ host }) => `take ${host.name} out of ingress`,
    shouldRun: behindBalancers,
    deadline: ({ settings }) => settings.deadlines.sessions,

    async run(scope) {
        const { host, ports, settings, progress } = scope;
        await ports.balancers.setIngress(host.name, "maint");
        try {
            await awaitNothingLeft(scope, {
                what: `the sessions of ${host.name} to end`,
                deadline: settings.deadlines.sessions,
                missing: () => sessions(scope),
            });
        } catch (error) {
            if (!(error instanceof DeadlineError)) throw error;
            progress.warn(`${error.message}; the reboot ends them`);
        }
    },

    async undo(scope) {
        const { host, ports, progress } = scope;
        try {
            await awaitProof(scope, `good answers through the ingress of ${host.name}`, () =>
                ports.hosts.ingressProof(host.name),
            );
        } catch (error) {
            if (!(error instanceof DeadlineError)) throw error;
            progress.warn(`${error.message}; it is put back into ingress all the same`);
        }
        await ports.balancers.setIngress(host.name, "ready");
    },
};

async function sessions({ host, ports }: RebootScope): Promise<string[]> {
    const servers = await ports.balancers.ingressServers(host.name);
    const busy = servers.filter((server) => server.sessions > 0);
    return busy.map((server) => `${server.sessions} sessions in ${server.backend} on ${server.balancer}`);
}
