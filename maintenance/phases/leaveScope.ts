import type { Duration } from "../../model/duration";
import type { HostLeaveRequest, LeavingHost, RequestingCluster } from "../actions/leaveRequest";
import type { ClusterAdmin, NodeState } from "../ports/clusterAdmin";
import type { Etcd } from "../ports/etcd";
import type { EtcdMember } from "../ports/etcdOutput";
import type { HostTeardown } from "../ports/hostTeardown";
import type { Clock } from "../workflow/clock";

/** Everything a leave talks to. */
export interface LeavePorts {
    readonly admin: ClusterAdmin;
    readonly etcd: Etcd;
    readonly teardown: HostTeardown;
    readonly clock: Clock;
}

/** Where a leave tells what it does; both go to standard error. */
export interface Progress {
    report(line: string): void;
    warn(line: string): void;
}

/** `installed`: it is ours. `clean`: it answers and nothing is there. `foreign`: it is somebody else's by now, or always was. */
export type HostState = "installed" | "clean" | "foreign" | "unreachable";

/** What the phases of a leave may read. The facts were gathered before the first phase. */
export interface LeaveScope {
    readonly host: LeavingHost;
    readonly hostState: HostState;
    /** As the host's mark names it; undefined in a request of an earlier version. */
    readonly cluster: RequestingCluster | undefined;
    readonly controlPlanes: readonly LeavingHost[];
    /** The control plane, not the leaving host, through which the cluster is changed; undefined for load balancers. */
    readonly through: LeavingHost | undefined;
    /** The host's node, if there is one. */
    readonly node: NodeState | undefined;
    /** The host's etcd member, if there is one. */
    readonly member: EtcdMember | undefined;
    readonly drainTimeout: Duration;
    readonly ports: LeavePorts;
    readonly progress: Progress;
}

/** What a leave is asked to do, and with what. */
export interface LeaveOrder {
    readonly request: HostLeaveRequest;
    readonly drainTimeout: Duration;
    readonly ports: LeavePorts;
    readonly progress: Progress;
}

/** The control plane to work through, for phases whose `shouldRun` has made sure that there is one. */
export function through({ host, through: controlPlane }: LeaveScope): LeavingHost {
    if (controlPlane === undefined) throw new Error(`leave ${host.name}: no control plane to work through`);
    return controlPlane;
}
