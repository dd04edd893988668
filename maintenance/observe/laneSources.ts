import type { BalancerView } from "../actions/reboot/rebootPorts";

/** What the API server's own table says of a node. */
export interface NodeState {
    readonly name: string;
    /** `Ready`, `NotReady` or `Unknown`. */
    readonly condition: string;
    readonly cordoned: boolean;
}

/**
 * What is looked at while a run goes on. Each question is cheap enough to be asked every few seconds of a cluster of
 * hundreds of hosts, changes nothing, and may fail.
 */
export interface LaneSources {
    /** One SSH command for each balancer. A balancer that does not answer is told as such. */
    balancers(): Promise<readonly BalancerView[]>;
    /** Host that has the endpoint's address; undefined while nobody has it, or several have. One SSH command for each balancer. */
    addressOwner(): Promise<string | undefined>;
    /** Host of etcd's leader; undefined while there is none. One SSH command on one control plane. */
    etcdLeader(): Promise<string | undefined>;
    /** One request to the Kubernetes API, answered from the server's memory. */
    nodeStates(): Promise<readonly NodeState[]>;
}
