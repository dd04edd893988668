import type { BalancerControl, HostControl, NodeControl } from "../../maintenance/actions/reboot/rebootPorts";
import type { Clock } from "../../maintenance/workflow/clock";

/** What a loop written by hand talks to. */
export interface HandPorts {
    /** Runs kubectl as the cluster's administrator. @throws Error with its exit status and what it said */
    readonly kubectl: (args: readonly string[]) => Promise<void>;
    readonly balancers: Pick<BalancerControl, "setIngress">;
    readonly hosts: Pick<HostControl, "bootId" | "reboot">;
    readonly nodes: Pick<NodeControl, "node">;
    /** Its pause throws once the person has interrupted. */
    readonly clock: Clock;
    /** Its pause never throws: a host that was told to reboot is watched until it is back, whatever happens. */
    readonly patientClock: Clock;
}
