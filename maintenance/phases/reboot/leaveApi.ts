import type { RebootScope } from "../../actions/reboot/rebootScope";
import { END_API_CONNECTIONS_DEADLINE } from "../../ports/balancerControl";
import type { Phase } from "../../workflow/phase";
import { apiBehindBalancers } from "./behindBalancers";

/**
 * Sends new API connections to other servers and ends the old ones while nothing is under way on them. Balancers cut all of
 * them at once, requests included, when an API server that ends fails their check.
 */
export const leaveApi: Phase<RebootScope> = {
    name: "leave-api",
    title: ({ host }) => `take ${host.name} out of the API`,
    shouldRun: apiBehindBalancers,
    deadline: () => END_API_CONNECTIONS_DEADLINE,

    async run({ host, ports, progress }) {
        await ports.balancers.setApi(host.name, "drain");
        const left = await ports.balancers.endApiConnections(host.name);
        if (left > 0)
            progress.warn(`${left} API connections had no quiet moment; the stop of the API server ends them`);
    },

    undo: ({ host, ports }) => ports.balancers.setApi(host.name, "ready"),
};
