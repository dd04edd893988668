import { answered, type Answer } from "../../maintenance/facts/answer";
import type { ClusterFacts, Observation } from "../../maintenance/facts/clusterFacts";
import { unitsOf } from "../../maintenance/facts/topology";
import type { EtcdMember, EtcdStatus } from "../../maintenance/ports/etcdOutput";
import type { BalancerServer } from "../../maintenance/ports/haproxyOutput";
import type { ClusterInventory } from "../../model/inventory";
import { sampleInventory } from "./sampleCluster";

/** The moment at which the sample cluster is observed. */
export const NOW = new Date("2026-11-21T12:00:00Z");

const MEMBER_IDS: Readonly<Record<string, string>> = { cp1: "a1", cp2: "b2", cp3: "c3" };
const IN_A_YEAR = new Date("2027-11-20T12:00:00Z");

/** A member of the sample cluster, as the live list has it. */
export function sampleMember(host: string, change: Partial<EtcdMember> = {}): EtcdMember {
    const member = sampleInventory().etcd.members.find((candidate) => candidate.host === host);
    return {
        id: MEMBER_IDS[host] ?? "ff",
        name: host,
        peerUrls: [member?.peerUrl ?? "https://10.89.0.99:2380"],
        clientUrls: [member?.clientUrl ?? "https://10.89.0.99:2379"],
        learner: false,
        started: true,
        ...change,
    };
}

/** What a member of the sample cluster says of itself; `a1` leads. */
export function sampleStatus(host: string, change: Partial<EtcdStatus> = {}): EtcdStatus {
    return {
        id: MEMBER_IDS[host] ?? "ff",
        leaderId: "a1",
        learner: false,
        revision: 41_000,
        version: "3.6.16",
        databaseBytes: 20 * 1024 * 1024,
        databaseBytesInUse: 10 * 1024 * 1024,
        databaseQuotaBytes: 8 * 1024 * 1024 * 1024,
        errors: [],
        ...change,
    };
}

/** A server that is up on a balancer. */
export function sampleServer(backend: string, name: string, change: Partial<BalancerServer> = {}): BalancerServer {
    const declared = sampleInventory()
        .loadBalancers[0]?.backends.find((candidate) => candidate.name === backend)
        ?.servers.find((server) => server.name === name);
    return {
        backend,
        name,
        address: declared?.address ?? "10.89.0.99",
        port: declared?.port ?? 1,
        operational: "up",
        administrative: "ready",
        sessions: 3,
        lastCheck: "L7OK",
        ...change,
    };
}

/** What the sample cluster answers while all is well. */
export function healthyFacts(inventory: ClusterInventory): ClusterFacts {
    const each = <T>(role: string | undefined, value: (name: string) => T): Record<string, Answer<T>> =>
        Object.fromEntries(
            inventory.hosts
                .filter((host) => role === undefined || host.role === role)
                .map(({ name }) => [name, answered(value(name))]),
        );
    const ready = {
        status: 200,
        answer: "ok",
        milliseconds: 12,
        certificateProblem: "",
        certificateNotAfter: IN_A_YEAR,
    };
    const servers = ["k8s-api", "ingress-http"].flatMap((backend) =>
        ["cp1", "cp2", "cp3"].map((name) => sampleServer(backend, name)),
    );
    return {
        observedAt: NOW,
        units: Object.fromEntries(
            inventory.hosts.map(({ name, role }) => [
                name,
                answered(Object.fromEntries(unitsOf(role).map((unit) => [unit, "active"]))),
            ]),
        ),
        certificates: {
            ...each("control-plane", () => [{ path: "/etc/kubernetes/pki/apiserver.crt", notAfter: IN_A_YEAR }]),
            ...each("worker", () => [{ path: "/var/lib/kubelet/pki/kubelet-client-current.pem", notAfter: IN_A_YEAR }]),
        },
        etcd: {
            members: each("control-plane", () => ["cp1", "cp2", "cp3"].map((name) => sampleMember(name))),
            status: each("control-plane", (name) => sampleStatus(name)),
            health: each("control-plane", () => ({ healthy: true, reason: "" })),
            alarms: each("control-plane", () => []),
        },
        apiServers: {
            direct: each("control-plane", () => ready),
            throughBalancer: each("load-balancer", () => ready),
            endpoint: answered(ready),
            versions: each("control-plane", () => "v1.36.3"),
        },
        balancers: each("load-balancer", () => servers),
        balancerAddresses: each("load-balancer", (name) =>
            name === "lb1" ? ["10.89.0.11", "10.89.0.10"] : ["10.89.0.12"],
        ),
        kubernetes: answered({
            nodes: inventory.hosts
                .filter(({ role }) => role !== "load-balancer")
                .map(({ name }) => ({
                    name,
                    ready: true,
                    notReadyReason: "",
                    cordoned: false,
                    kubeletVersion: "v1.36.3",
                    containerRuntimeVersion: "containerd://2.4.2",
                })),
            leases: ["kube-scheduler", "kube-controller-manager"].map((name) => ({
                name,
                holder: "cp2_0b9f",
                renewedAt: new Date(NOW.getTime() - 2000),
                durationSeconds: 15,
            })),
            daemonSets: [
                { namespace: "kube-flannel", name: "kube-flannel-ds", desired: 6, ready: 6 },
                { namespace: "kube-system", name: "kube-proxy", desired: 6, ready: 6 },
            ],
        }),
    };
}

/** The sample cluster while all is well, with what a test changes. */
export function observation(change: (facts: ClusterFacts) => Partial<ClusterFacts> = () => ({})): Observation {
    const inventory = sampleInventory();
    const facts = healthyFacts(inventory);
    return { inventory, facts: { ...facts, ...change(facts) } };
}
