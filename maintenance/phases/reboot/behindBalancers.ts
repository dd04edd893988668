import type { RebootScope } from "../../actions/reboot/rebootScope";

/** Whether balancers of ours send ingress requests to the host; those of one's own (`endpoint.kind: external`) are not ours to set. */
export function behindBalancers({ host, inventory }: RebootScope): boolean {
    return host.ingress && inventory.loadBalancers.length > 0;
}

/** The same of API requests. */
export function apiBehindBalancers({ host, inventory }: RebootScope): boolean {
    return host.role === "control-plane" && inventory.loadBalancers.length > 0;
}
