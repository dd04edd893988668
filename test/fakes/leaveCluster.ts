import type { LeavingHost } from "../../maintenance/actions/leaveRequest";
import type { LeavePorts, Progress } from "../../maintenance/phases/leaveScope";
import type { BudgetRef, ClusterAdmin, DrainResult, NodeState, PodRef } from "../../maintenance/ports/clusterAdmin";
import type { Etcd } from "../../maintenance/ports/etcd";
import type { EtcdAlarm, EtcdMember } from "../../maintenance/ports/etcdOutput";
import type { HostTeardown } from "../../maintenance/ports/hostTeardown";
import type { ClusterMark, HostTraces } from "../../maintenance/ports/hostTraces";
import { HostKeyError, RemoteError, UnreachableError, type RemoteHost } from "../../maintenance/ports/remote";
import { fakeClock } from "./fakeClock";
import { FakeLeases } from "./fakeLeases";
import { sampleInventory } from "./sampleCluster";
import { sampleMember, sampleStatus } from "./sampleFacts";

/** What the fakes behind a leave know and change: a cluster of three control planes and three workers. */
export class LeaveCluster {
    members: EtcdMember[] = ["cp1", "cp2", "cp3"].map((name) => sampleMember(name));
    leaderId = "a1";
    readonly unhealthy = new Map<string, string>();
    alarms: EtcdAlarm[] = [];
    readonly nodes = new Map<string, NodeState>(
        ["cp1", "cp2", "cp3", "w1", "w2", "w3"].map((name) => [name, { cordoned: false, cordonedByUs: false }]),
    );
    readonly installed = new Set(sampleInventory().hosts.map(({ name }) => name));
    /** What is on a host where that is not what this cluster has put there. */
    readonly otherTraces = new Map<string, Partial<HostTraces>>();
    /** Hosts that cannot be cleaned whole. */
    readonly keepsData = new Set<string>();
    readonly unreachable = new Set<string>();
    readonly otherKey = new Set<string>();
    /** Control planes whose API server is not ready. */
    readonly notServing = new Set<string>();
    drainResult: DrainResult = { drained: true };
    pods: PodRef[] = [];
    budgets: BudgetRef[] = [];
    /** Everything that was changed, in order. */
    readonly changes: string[] = [];
    /** Whose each host was said to be that was reset. */
    readonly askedFor: (ClusterMark | undefined)[] = [];
    readonly reports: string[] = [];
    readonly warnings: string[] = [];
    /** Makes a change fail once, to stand for an interruption. */
    failAt: string | undefined;

    readonly progress: Progress = {
        report: (line) => void this.reports.push(line),
        warn: (line) => void this.warnings.push(line),
    };

    readonly ports: LeavePorts = {
        admin: fakeClusterAdmin(this),
        etcd: fakeEtcd(this),
        teardown: fakeHostTeardown(this),
        clock: fakeClock(),
    };

    /** Held by cp1; hosts that do not answer are dead to the others too. */
    readonly leases = new FakeLeases(["cp1", "cp2", "cp3"], {
        clock: this.ports.clock,
        isDead: (name) => this.unreachable.has(name),
    });

    /** The host as a request names it. */
    host(name: string): LeavingHost {
        const found = sampleInventory().hosts.find((host) => host.name === name);
        if (found === undefined) throw new Error(`no sample host ${name}`);
        return { name, address: found.address, role: found.role, ssh: found.ssh };
    }

    /** The cluster as requests and marks name it. */
    readonly identity = { name: "sample", foundingId: "0f1e2d3c4b5a6978" };

    /** What tells whose a host is. */
    traces({ name }: RemoteHost): HostTraces {
        const nothing = { caHash: "", servers: [], joinedAs: [], found: [] };
        if (!this.installed.has(name)) return { ...nothing, ...this.otherTraces.get(name) };
        const { role } = this.host(name);
        const isBalancer = role === "load-balancer";
        return {
            mark: { cluster: this.identity.name, host: name, founding: this.identity.foundingId },
            caHash: isBalancer ? "" : "sha256:0a",
            servers: isBalancer ? ["cp1", "cp2", "cp3"].map((one) => this.host(one).address) : [],
            joinedAs: role === "load-balancer" ? [] : [role],
            found: [isBalancer ? "/etc/haproxy/quorate/haproxy.cfg" : "/etc/kubernetes/kubelet.conf"],
            ...this.otherTraces.get(name),
        };
    }

    dial(host: RemoteHost): void {
        if (this.unreachable.has(host.name)) throw new UnreachableError(host.name, `no SSH at ${host.address}:22`);
        if (this.otherKey.has(host.name)) throw new HostKeyError(host.name, `another host key at ${host.address}:22`);
    }

    change(what: string): void {
        if (this.failAt === what) {
            this.failAt = undefined;
            throw new RemoteError("test", `${what} was interrupted`);
        }
        this.changes.push(what);
    }

    hasQuorum(): boolean {
        const voters = this.members.filter(({ learner }) => !learner);
        const healthy = voters.filter(({ name }) => !this.unhealthy.has(name) && !this.unreachable.has(name));
        return healthy.length > voters.length / 2;
    }
}

function fakeEtcd(cluster: LeaveCluster): Etcd {
    return {
        async members(on, { consistent }) {
            cluster.dial(on);
            if (consistent && !cluster.hasQuorum()) throw new RemoteError(on.name, "context deadline exceeded", 1);
            return [...cluster.members];
        },
        async status(on) {
            cluster.dial(on);
            return sampleStatus(on.name, { leaderId: cluster.leaderId });
        },
        async health(on, clientUrl) {
            cluster.dial(on);
            const asked = cluster.members.find(({ clientUrls }) => clientUrls[0] === clientUrl)?.name ?? on.name;
            const reason = cluster.unreachable.has(asked) ? "context deadline exceeded" : cluster.unhealthy.get(asked);
            return { healthy: reason === undefined, reason: reason ?? "" };
        },
        async alarms(on) {
            cluster.dial(on);
            return cluster.alarms;
        },
        async moveLeader(on, { to }) {
            cluster.dial(on);
            cluster.change(`leader to ${to}`);
            cluster.leaderId = to;
        },
        async removeMember(on, id) {
            cluster.dial(on);
            cluster.change(`remove member ${id} through ${on.name}`);
            cluster.members = cluster.members.filter((member) => member.id !== id);
        },
    };
}

function fakeClusterAdmin(cluster: LeaveCluster): ClusterAdmin {
    const setNode = (name: string, change: Partial<NodeState>) => {
        const node = cluster.nodes.get(name);
        if (node) cluster.nodes.set(name, { ...node, ...change });
    };
    return {
        async assertServing(on) {
            cluster.dial(on);
            if (cluster.notServing.has(on.name))
                throw new RemoteError(on.name, "asking its API server for /readyz ended with exit status 1");
        },
        node: async (_on, name) => cluster.nodes.get(name),
        async cordon(_on, name) {
            cluster.change(`cordon ${name}`);
            setNode(name, { cordoned: true, cordonedByUs: true });
        },
        async uncordon(_on, name) {
            cluster.change(`uncordon ${name}`);
            setNode(name, { cordoned: false, cordonedByUs: false });
        },
        async drain(_on, name) {
            cluster.change(`drain ${name}`);
            return cluster.drainResult;
        },
        async deleteNode(_on, name) {
            cluster.change(`delete node ${name}`);
            cluster.nodes.delete(name);
        },
        podsOn: async () => cluster.pods,
        budgets: async () => cluster.budgets,
        async leases(on) {
            cluster.dial(on);
            return cluster.leases.now();
        },
    };
}

function fakeHostTeardown(cluster: LeaveCluster): HostTeardown {
    const on = (host: RemoteHost, what: string) => {
        cluster.dial(host);
        cluster.change(`${what} ${host.name}`);
    };
    return {
        async traces(host) {
            cluster.dial(host);
            return cluster.traces(host);
        },
        async stopControllers(host) {
            on(host, "stop controllers of");
            cluster.leases.stop(host.name);
        },
        stopApiServer: async (host) => on(host, "stop API server of"),
        stopKubelet: async (host) => on(host, "stop kubelet of"),
        stopKeepalived: async (host) => on(host, "stop keepalived of"),
        async reset(host, identity) {
            on(host, "reset");
            cluster.askedFor.push(identity);
            if (cluster.keepsData.has(host.name)) throw new RemoteError(host.name, "not clean, this is left", 1);
            cluster.installed.delete(host.name);
        },
    };
}
