import type { ClusterInventory } from "../../../model/inventory";
import type { Clock } from "../../workflow/clock";
import type { RunLease, RunMirror } from "../../workflow/runStore";

/**
 * Everything that rebooting talks to. Hosts are named as in the inventory; a node has its host's name. Observations may
 * be asked at any time and change nothing. Mutations are idempotent, return when what they set was read back, and throw
 * otherwise; they are fenced by the run's lock before a phase sees them (see `fencedPorts.ts`).
 */
export interface RebootPorts {
    readonly balancers: BalancerControl;
    readonly virtualAddress: AddressControl;
    readonly nodes: NodeControl;
    readonly pods: PodControl;
    readonly etcd: EtcdControl;
    readonly hosts: HostControl;
    readonly lease: RunLease;
    readonly mirror: RunMirror;
    readonly clock: Clock;
}

/** Told what is seen while a change is waited for. */
export type Report = (line: string) => void;

export type ServerAdminState = "ready" | "drain" | "maint";

/** A server of a backend as one balancer runs it. */
export interface ServerView {
    /** Host of the balancer. */
    readonly balancer: string;
    readonly purpose: "api" | "ingress";
    readonly backend: string;
    /** Host of the server. */
    readonly host: string;
    readonly administrative: ServerAdminState;
    readonly up: boolean;
    readonly sessions: number;
}

/** The servers that one balancer runs, or why it did not answer. */
export interface BalancerView {
    readonly balancer: string;
    /** Empty when it answered. */
    readonly unreachable: string;
    readonly servers: readonly ServerView[];
}

/** The balancers' admin sockets. */
export interface BalancerControl {
    observe(): Promise<readonly BalancerView[]>;
    /** Ingress servers of a host on every balancer that is up. @throws when a balancer is not reachable */
    ingressServers(host: string): Promise<readonly ServerView[]>;
    /** Sets them on every balancer and reads back. @throws naming the balancer that did not take it */
    setIngress(host: string, state: ServerAdminState): Promise<void>;
    /**
     * Same for its API server. It leaves by `/readyz` in any case; `drain` keeps new connections away before that, so that the
     * old ones can be ended first.
     */
    setApi(host: string, state: "ready" | "drain"): Promise<void>;
    /** Ends each API connection to the host at a moment when nothing is under way on it. @returns how many are left */
    endApiConnections(host: string): Promise<number>;
}

/** The address that clients dial, where balancers share one. */
export interface AddressControl {
    /** Host that has it now; undefined while nobody has it, or where there is none. */
    owner(): Promise<string | undefined>;
    /** Gives it to another balancer while this one still serves what it has accepted (TRAPS 70). */
    handOver(from: string, report?: Report): Promise<void>;
    /** Lets a host have it again, at once or when it is next free; undoes `handOver`. @param now whether it moves at once */
    release(host: string, options: { readonly now: boolean; readonly report?: Report }): Promise<void>;
}

/** CPU in thousandths, memory in bytes. */
export interface Resources {
    readonly cpu: number;
    readonly memory: number;
}

export interface NodeView {
    readonly name: string;
    /** Ready now, with a heartbeat later than the boot. */
    readonly ready: boolean;
    readonly notReadyReason: string;
    readonly cordoned: boolean;
    /** Run that has cordoned it, from our annotation; undefined when it was someone else (TRAPS 36). */
    readonly cordonedByRun: string | undefined;
    /** Taints that the cluster has put on it because it was not Ready; each is taken off up to 5 s after it is (TRAPS 64). */
    readonly notReadyTaints: readonly string[];
    /** Whether our PreferNoSchedule taint is on it. */
    readonly avoided: boolean;
    /** Boot id that the kubelet has reported; empty before it has. */
    readonly bootId: string;
    readonly allocatable: Resources;
    /** Sum of the requests of all pods on it. */
    readonly requested: Resources;
}

/** Nodes of the Kubernetes API. */
export interface NodeControl {
    list(): Promise<readonly NodeView[]>;
    /** Undefined when there is no such node. */
    node(name: string): Promise<NodeView | undefined>;
    /** Remembers the run and the state before. A node that someone else has cordoned stays theirs. */
    cordon(name: string, runId: string): Promise<void>;
    /** Only when this run has cordoned it; otherwise nothing happens. */
    uncordon(name: string, runId: string): Promise<void>;
    /** Sets or removes our PreferNoSchedule taint, so that evicted pods move once (TRAPS 34). */
    setAvoided(names: readonly string[], avoided: boolean): Promise<void>;
    /**
     * Deletes the node's DaemonSet pods that the host's shutdown has ended, and returns their names. Their DaemonSets do that, too,
     * but wait up to 15 min where they have done so before within half an hour (`failedPodsBackoff` in kubernetes'
     * daemon_controller.go).
     */
    removeEnded(name: string): Promise<readonly string[]>;
    /** Volumes still attached, from the node's status and VolumeAttachments. */
    volumesAttached(name: string): Promise<readonly string[]>;
    /** What runs on the node by itself now. */
    ownWork(name: string): Promise<OwnWork>;
    /**
     * What of the node's own pods is not ready: DaemonSet pods, mirror pods, their endpoints. Empty: all is well.
     * @param before what ran before a reboot: nothing that is seen of it may be a memory of then
     */
    unreadyWork(name: string, before?: OwnWork): Promise<readonly string[]>;
    /** What ran before a reboot and does not now. Its DaemonSet may be about to make it, or not want the node any more. */
    absentWork(name: string, before: OwnWork): Promise<readonly string[]>;
}

/** What runs on a node though nobody moves it there: one pod of each DaemonSet, and static pods. Finished pods do not count. */
export interface OwnWork {
    readonly daemonSets: readonly OwnDaemonSet[];
    /** `namespace/name`. */
    readonly staticPods: readonly string[];
    /** Ids of all their containers: no boot has those of another. */
    readonly containers: readonly string[];
}

/** A DaemonSet as it was specified at one time. */
export interface OwnDaemonSet {
    /** `namespace/name`. */
    readonly name: string;
    readonly uid: string;
    readonly generation: number;
}

/** A pod that a drain has to move: no DaemonSet's, no static and no finished one. */
export interface EvictablePod {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly node: string;
    /** Its top controller that can be asked for its pods, or what controls the pod itself, for example `Deployment/shop`; empty for a bare pod. */
    readonly owner: string;
    /** It goes first: it has volumes, or the storage label. */
    readonly storage: boolean;
    /** Its replacement may come back to the node, cordoned as it is. */
    readonly toleratesCordon: boolean;
    /** Kubelet has taken it up; before, it has done nothing yet. */
    readonly started: boolean;
    readonly requests: Resources;
}

/** What is known of an evicted pod after it is gone. */
export interface EvictedPod extends Pick<EvictablePod, "namespace" | "name" | "owner"> {
    /** Missing in the notes of a run that an earlier version began; its endpoints then count as gone. */
    readonly uid?: string;
}

export interface BudgetView {
    readonly namespace: string;
    readonly name: string;
    readonly disruptionsAllowed: number;
    /** Uids of the pods that it selects. */
    readonly pods: readonly string[];
}

/** `budget` is `namespace/name`, empty when something else than a budget blocks. */
export type EvictionResult =
    | { readonly kind: "evicted" }
    | { readonly kind: "gone" }
    | { readonly kind: "blocked"; readonly budget: string; readonly reason: string };

/** Pods of the Kubernetes API. */
export interface PodControl {
    /** Pods to evict from these nodes. */
    evictable(nodes: readonly string[]): Promise<readonly EvictablePod[]>;
    budgets(): Promise<readonly BudgetView[]>;
    /** One attempt. With `dryRun` the server decides and nothing happens. */
    evict(pod: EvictablePod, options: { readonly dryRun: boolean }): Promise<EvictionResult>;
    /** Past every budget, with the pod's own grace: policy `force`. Gone already is success. */
    delete(pod: EvictablePod): Promise<void>;
    /** Of these evicted pods: endpoints that still name one, owners with fewer ready pods than wanted; in words. Empty: none. */
    unsettled(evicted: readonly EvictedPod[]): Promise<readonly string[]>;
}

/** A member of etcd, with what it says when it is asked itself. */
export interface EtcdMemberView {
    /** Host in the inventory; empty for a member that is on none of them. */
    readonly host: string;
    readonly id: string;
    readonly started: boolean;
    readonly learner: boolean;
    /** Empty when it answers a linearizable read. */
    readonly unhealthy: string;
}

export interface EtcdView {
    readonly members: readonly EtcdMemberView[];
    /** Host of the leader; undefined while there is none. */
    readonly leader: string | undefined;
    /** Each alarm in words, with the member's host. */
    readonly alarms: readonly string[];
}

export interface EtcdControl {
    /** Asked through consensus, at any member that answers. @throws when none does */
    view(): Promise<EtcdView>;
    /** Hands leadership from this host's member to another healthy voter; nothing when it does not lead. */
    moveLeaderAway(host: string): Promise<void>;
}

/** Answers in a row to real requests through a host. */
export interface Proof {
    readonly passed: boolean;
    /** What was seen last, for the person who waits. */
    readonly seen: string;
    /** Why it passed without having proven much; missing when there is no such reason. */
    readonly doubt?: string;
}

/** Hosts over SSH. */
export interface HostControl {
    /** @throws UnreachableError while the host does not answer */
    bootId(host: string): Promise<string>;
    /** Whether the host's packages ask for a reboot. */
    rebootRequired(host: string): Promise<boolean>;
    /** Ends the API server through its shutdown delay (TRAPS 66). After a boot it runs again, whatever became of us. */
    stopApiServer(host: string, report?: Report): Promise<void>;
    /** Undoes `stopApiServer` where there was no boot in between. */
    startApiServer(host: string, report?: Report): Promise<void>;
    /** Orders a detached reboot and returns; the host may be gone before the answer. */
    reboot(host: string): Promise<void>;
    /** What of a load balancer does not serve: units, frontends, its way to the API servers. Empty: it serves. */
    unservedByBalancer(host: string): Promise<readonly string[]>;
    /** Pods of other nodes and the cluster's DNS answer the host, several times in a row (TRAPS 63, 64). */
    podNetworkProof(host: string): Promise<Proof>;
    /** A known route answers through this very host's ingress, several times in a row (TRAPS 63). */
    ingressProof(host: string): Promise<Proof>;
    /** Why a host's `ingressProof` would pass with a doubt; empty when it would not. */
    ingressDoubt(): Promise<string>;
}

/** A route that `ingressProof` asks for. */
export interface IngressRoute {
    readonly hostHeader: string | undefined;
    /** Starts with a slash. */
    readonly path: string;
}

/** What the real ports need beside their connections. */
export interface RebootPortsOptions {
    readonly inventory: ClusterInventory;
    readonly route: IngressRoute | undefined;
    readonly clock: Clock;
}
