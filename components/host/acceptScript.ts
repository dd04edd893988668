import type { ClusterConfig, HostConfig, Role } from "../../model/clusterConfig";
import type { ClusterInventory } from "../../model/inventory";
import { type HostScript, loadScript } from "../command/hostScript";
import { listeningPorts, peers, servedPorts } from "./hostPorts";

/** What the cluster's identity is to its hosts, and what is known of one from before. */
export interface Acceptance {
    /** The cluster's own id, made once. */
    readonly founding: string;
    /** What the last `up` that finished recorded, if it has this host. */
    readonly recorded?: RecordedHost | undefined;
}

/** Proof that a host without a mark is the cluster's own: one that a quorate without marks has made. */
export interface RecordedHost {
    /** Hash of the CA that a node of the cluster has. */
    readonly caHash: string;
    /** Servers of which a balancer of the cluster has at least one in its configuration, as `ADDRESS:PORT`. */
    readonly servers: readonly string[];
}

/** Below that no host has been set up with this program: its clock was never set. */
const EARLIEST_YEAR = 2025;
/** Older ones have neither the exporter nor the checks as quorate writes them. */
export const OLDEST_HAPROXY = "2.6";

const FREE_MEBIBYTES: Readonly<Record<Role, number>> = {
    "load-balancer": 512,
    "control-plane": 4096,
    worker: 4096,
};

/** Used by steps, and in no package that they install. */
const PROGRAMS = [
    "awk",
    "find",
    "findmnt",
    "flock",
    "gzip",
    "ip",
    "mount",
    "ps",
    "sed",
    "sha256sum",
    "ss",
    "sysctl",
    "timeout",
];

/** By the beginning of their names: whoever runs them has containers, or a cluster, of their own. */
const FOREIGN_PROGRAMS = [
    ...["containerd-shim", "conmon", "crio", "dockerd", "kubelet", "kube-apiserver", "kube-proxy"],
    ...["k3s", "rke2", "k0s", "kubelite"],
];
const FOREIGN_TO_ROLE: Readonly<Record<Role, readonly string[]>> = {
    "load-balancer": ["keepalived"],
    "control-plane": ["etcd"],
    worker: [],
};

const PARTS = ["acceptOthers.sh", "acceptGround.sh", "acceptPeers.sh", "accept.sh"];

/**
 * The step by which a host becomes the cluster's. It asks everything that speaks against the host and tells all of it at
 * once; only when nothing does, it writes the mark of ownership, and nothing else (TRAPS 71).
 */
export function renderAccept(host: HostConfig, config: ClusterConfig, acceptance: Acceptance): HostScript {
    const { hosts, pods } = config.network;
    const balancing = host.role === "load-balancer";
    return {
        step: "accept",
        alone: true,
        settings: {
            cluster: config.name,
            name: host.name,
            role: host.role,
            founding: acceptance.founding,
            known_ca: acceptance.recorded?.caHash ?? "",
            known_servers: acceptance.recorded?.servers ?? [],
            ports: listeningPorts(config, host).map(String),
            served_ports: servedPorts(config, host).map(String),
            networks: [hosts, ...(balancing ? [] : [pods])].map(String),
            peers: peers(config, host).map(
                (peer) => `${peer.host.name} ${peer.host.address} ${[config.ssh.port, ...peer.ports].join(" ")}`,
            ),
            programs: [...PROGRAMS],
            foreign_programs: [...FOREIGN_PROGRAMS, ...FOREIGN_TO_ROLE[host.role]],
            needed_mib: FREE_MEBIBYTES[host.role],
            allow_cgroup_v1: config.kubelet.allowCgroupV1,
            earliest_year: EARLIEST_YEAR,
            oldest_haproxy: OLDEST_HAPROXY,
        },
        body: PARTS.map((part) => loadScript(__dirname, part)).join("\n"),
    };
}

/** What was recorded about a host: by its name, at its address, in its role. */
export function recordedHost(recorded: ClusterInventory | undefined, host: HostConfig): RecordedHost | undefined {
    const before = recorded?.hosts.find(({ name }) => name === host.name);
    if (recorded === undefined || before === undefined) return undefined;
    if (before.address !== host.address || before.role !== host.role) return undefined;
    const servers = recorded.loadBalancers
        .flatMap(({ backends }) => backends)
        .filter(({ purpose }) => purpose === "api")
        .flatMap((backend) => backend.servers.map(({ address, port }) => `${address}:${port}`));
    return { caHash: recorded.caHash, servers: [...new Set(servers)] };
}
