import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { apiBehindBalancers } from "./behindBalancers";

/** Lets the balancers send API connections to the host again; they have seen its API server ready before. */
export const enterApi: Phase<RebootScope> = {
    name: "enter-api",
    title: ({ host }) => `put ${host.name} back into the API`,
    shouldRun: apiBehindBalancers,
    run: ({ host, ports }) => ports.balancers.setApi(host.name, "ready"),
};
