import type { ClusterInventory } from "../../model/inventory";
import type { Readiness } from "../ports/apiServer";
import type { CertificateFacts } from "../ports/certificates";
import type { EtcdAlarm, EtcdHealth, EtcdMember, EtcdStatus } from "../ports/etcdOutput";
import type { BalancerServer } from "../ports/haproxyOutput";
import type { KubernetesFacts } from "../ports/kubernetes";
import type { UnitStates } from "../ports/systemd";
import type { Answer } from "./answer";

/** By the host's name in the inventory. */
export type ByHost<T> = Readonly<Record<string, Answer<T>>>;

/** What the hosts, members, servers and balancers answered at one moment. Plain data: checks and reports read only this. */
export interface ClusterFacts {
    readonly observedAt: Date;
    /** Units of every host; unanswered means no SSH. */
    readonly units: ByHost<UnitStates>;
    /** Of every control plane and worker. */
    readonly certificates: ByHost<readonly CertificateFacts[]>;
    readonly etcd: EtcdFacts;
    readonly apiServers: ApiServerFacts;
    /** Servers as each HAProxy runs them. */
    readonly balancers: ByHost<readonly BalancerServer[]>;
    /** IPv4 addresses of each load-balancer host. */
    readonly balancerAddresses: ByHost<readonly string[]>;
    readonly kubernetes: Answer<KubernetesFacts>;
}

export interface EtcdFacts {
    /** The member list as each member knows it. */
    readonly members: ByHost<readonly EtcdMember[]>;
    readonly status: ByHost<EtcdStatus>;
    readonly health: ByHost<EtcdHealth>;
    readonly alarms: ByHost<readonly EtcdAlarm[]>;
}

export interface ApiServerFacts {
    /** Straight to each control plane. */
    readonly direct: ByHost<Readiness>;
    /** Through the API frontend on each load-balancer host's own address. */
    readonly throughBalancer: ByHost<Readiness>;
    /** Through the address that clients dial. */
    readonly endpoint: Answer<Readiness>;
    /** What each API server says its version is. */
    readonly versions: ByHost<string>;
}

/** What the checks compare: the declaration and the observation. */
export interface Observation {
    readonly inventory: ClusterInventory;
    readonly facts: ClusterFacts;
}

/** Whether SSH to the host works; without it, everything else about the host is unknown and said once. */
export function isReachable(facts: ClusterFacts, host: string): boolean {
    return facts.units[host]?.answered === true;
}

/** The member list of the first member that has one, in the order of the inventory. */
export function knownMembers({ etcd }: ClusterFacts): readonly EtcdMember[] | undefined {
    return Object.values(etcd.members).find((answer) => answer.answered)?.value;
}

/** The member's own host, found by the peer address: members that never started have no name. */
export function hostOfMember(inventory: ClusterInventory, member: EtcdMember): string | undefined {
    return inventory.etcd.members.find(({ peerUrl }) => member.peerUrls.includes(peerUrl))?.host;
}
