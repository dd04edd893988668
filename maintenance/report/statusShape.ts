import type { NamedFinding } from "../checks/checks";
import type { ObservedVersion } from "../facts/observedVersions";
import type { BalancerServer } from "../ports/haproxyOutput";
import type { DaemonSetFacts, NodeFacts } from "../ports/kubernetes";

/** Version of the shape of `quorate status --json`; raised when a field changes its meaning or goes away. */
export const STATUS_SCHEMA_VERSION = 1;

/**
 * What `quorate status --json` prints and the tables show. Programs read `healthy` and `findings`; the rest is what they
 * were judged from. What could not be observed is null, or missing from its list.
 */
export interface StatusReport {
    readonly schemaVersion: typeof STATUS_SCHEMA_VERSION;
    /** The cluster's name. */
    readonly cluster: string;
    /** ISO 8601, UTC. */
    readonly observedAt: string;
    /** True when no finding is a problem: the exit status is 0 then, and 4 otherwise. */
    readonly healthy: boolean;
    /** Problems first, then warnings. */
    readonly findings: readonly ReportedFinding[];
    readonly hosts: readonly HostRow[];
    /** Declared members first. */
    readonly etcd: readonly EtcdRow[];
    readonly apiServers: readonly ApiServerRow[];
    readonly balancerServers: readonly BalancerServerRow[];
    /** The endpoint's address and the load balancers that have it; exactly one should. */
    readonly virtualAddress: { readonly address: string; readonly owners: readonly string[] };
    readonly leases: readonly LeaseRow[];
    readonly nodes: readonly NodeRow[];
    readonly versions: readonly ObservedVersion[];
    /** By host, the soonest to end first. */
    readonly certificates: readonly CertificateRow[];
    readonly daemonSets: readonly DaemonSetFacts[];
}

/** A finding; `message` is its sentence, made of subject, found, expected and next. */
export interface ReportedFinding extends NamedFinding {
    readonly message: string;
}

export interface HostRow {
    readonly name: string;
    readonly role: "load-balancer" | "control-plane" | "worker";
    readonly address: string;
    /** Whether SSH works. */
    readonly reachable: boolean;
    /** Why it does not. */
    readonly error: string | null;
    /** systemd's state of each unit that the role needs; `active` is right. */
    readonly units: Readonly<Record<string, string>>;
}

export interface EtcdRow {
    /** Null for a member that is not declared. */
    readonly host: string | null;
    /** Empty for a member that never started. */
    readonly name: string;
    /** Hexadecimal, as etcdctl takes it. */
    readonly id: string | null;
    readonly role: "leader" | "follower" | "learner" | "unstarted" | "unknown";
    /** Whether it answers a linearizable read. */
    readonly healthy: boolean;
    /** Why it does not. */
    readonly reason: string;
    readonly revision: number | null;
    /** Revisions behind the newest one seen. */
    readonly revisionLag: number | null;
    readonly databaseBytes: number | null;
    readonly databaseBytesInUse: number | null;
    readonly version: string | null;
    readonly alarms: readonly string[];
}

export interface ApiServerRow {
    /** Straight to a control plane, through one balancer's own address, or at the address that clients dial. */
    readonly via: "direct" | "balancer" | "endpoint";
    /** The control plane, the balancer, or `endpoint`. */
    readonly name: string;
    readonly address: string;
    readonly port: number;
    /** 200 from /readyz with the cluster's certificate. */
    readonly ready: boolean;
    readonly status: number | null;
    readonly milliseconds: number | null;
    /** Empty when ready. */
    readonly error: string;
}

/** A server of a backend as one balancer runs it. */
export interface BalancerServerRow extends BalancerServer {
    readonly balancer: string;
}

export interface LeaseRow {
    readonly name: string;
    /** The control plane that leads; empty when none does. */
    readonly holder: string;
    readonly ageSeconds: number | null;
    readonly durationSeconds: number;
}

export interface NodeRow extends NodeFacts {
    /** Whether the cluster has it. */
    readonly present: boolean;
    /** Whether the inventory has it. */
    readonly declared: boolean;
}

export interface CertificateRow {
    readonly host: string;
    /** A file, or `https://...` for what an API server presents. */
    readonly path: string;
    /** Whole days, rounded down; negative once expired. */
    readonly daysLeft: number;
    /** ISO 8601, UTC. */
    readonly notAfter: string;
}
