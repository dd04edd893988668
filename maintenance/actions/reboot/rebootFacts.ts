import type { ClusterInventory } from "../../../model/inventory";
import type { BalancerView, BudgetView, EtcdView, EvictablePod, NodeView } from "./rebootPorts";

/** A pod whose eviction the API server would refuse now. */
export interface BlockedPod {
    readonly pod: EvictablePod;
    /** `namespace/name`; empty when something else than a budget blocks. */
    readonly budget: string;
    readonly reason: string;
}

/** Everything that is known before a host is touched. Plain data: planner and gates read only this. */
export interface RebootFacts {
    readonly inventory: ClusterInventory;
    /** Hosts without SSH, with the reason. */
    readonly unreachable: Readonly<Record<string, string>>;
    /** Hosts whose packages ask for a reboot; empty when it was not asked for. */
    readonly rebootRequired: readonly string[];
    /** By host, its present boot id, as the host itself says; missing where it was not asked or does not answer. */
    readonly bootIds: Readonly<Record<string, string>>;
    readonly nodes: readonly NodeView[];
    /** A text says why etcd does not answer. */
    readonly etcd: EtcdView | string;
    readonly balancers: readonly BalancerView[];
    readonly addressOwner: string | undefined;
    /** Pods to evict from the hosts in question. */
    readonly pods: readonly EvictablePod[];
    readonly budgets: readonly BudgetView[];
    readonly blocked: readonly BlockedPod[];
    /** By host, what its drain or its way back would wait for in vain; empty when it was not asked for. */
    readonly unwell: Readonly<Record<string, readonly string[]>>;
    /** Why the proof of a host's ingress would prove no route; empty when it would, or when it was not asked for. */
    readonly ingressDoubt: string;
}
