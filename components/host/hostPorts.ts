import { type ClusterConfig, type HostConfig, type Role, hostsWithRole, ingressHosts } from "../../model/clusterConfig";
import { STATUS_PORT } from "../../model/clusterRules";
import { PORTS } from "../../model/ports";
import { frontends } from "../loadBalancer/haproxyConfig";

const NODE_PORTS = [PORTS.kubelet, PORTS.kubeletHealth, PORTS.proxyMetrics, PORTS.proxyHealth];

/** What the programs of a role listen on, ingress aside. */
const ROLE_PORTS: Readonly<Record<Role, readonly number[]>> = {
    "load-balancer": [STATUS_PORT],
    "control-plane": [
        PORTS.apiServer,
        PORTS.etcdClient,
        PORTS.etcdPeer,
        PORTS.etcdMetrics,
        PORTS.controllerManager,
        PORTS.scheduler,
        ...NODE_PORTS,
    ],
    worker: NODE_PORTS,
};

/** Every TCP port that the cluster listens on, on one host. */
export function listeningPorts(config: ClusterConfig, host: HostConfig): readonly number[] {
    return distinct([...ROLE_PORTS[host.role], ...servedPorts(config, host)]);
}

/** What clients of the cluster dial: a balancer's frontends; on hosts with the ingress proxy, what the balancers send to. */
export function servedPorts(config: ClusterConfig, host: HostConfig): readonly number[] {
    if (host.role === "load-balancer") return distinct(frontends(config).map(({ port }) => port));
    return distinct(ingressPorts(config, host));
}

function ingressPorts(config: ClusterConfig, host: HostConfig): readonly number[] {
    if (!ingressHosts(config).includes(host)) return [];
    return config.endpoint.ingress.map(({ port, targetPort }) => targetPort ?? port);
}

/** Another host, and the ports of it that a host cannot do without. */
export interface Peer {
    readonly host: HostConfig;
    readonly ports: readonly number[];
}

/** A cluster may have hundreds of workers; a packet filter that is in the way is seen with a few. */
const WORKER_SAMPLE = 5;
const INGRESS_SAMPLE = 10;

/**
 * The hosts that one host must reach, with the ports: control planes each other's etcd and API server and every kubelet,
 * workers the API, balancers their servers. Of many alike only the first few, so that the number of dials stays small.
 */
export function peers(config: ClusterConfig, host: HostConfig): readonly Peer[] {
    const controlPlanes = hostsWithRole(config, "control-plane");
    const balancers = hostsWithRole(config, "load-balancer").map((other) => ({
        host: other,
        ports: [config.endpoint.port, STATUS_PORT],
    }));
    const apiServers = controlPlanes.map((other) => ({ host: other, ports: [PORTS.apiServer] }));
    const byRole: Readonly<Record<Role, () => readonly Peer[]>> = {
        "load-balancer": () => [
            ...apiServers,
            ...ingressHosts(config)
                .slice(0, INGRESS_SAMPLE)
                .map((other) => ({ host: other, ports: ingressPorts(config, other) })),
        ],
        "control-plane": () => [
            ...controlPlanes.map((other) => ({
                host: other,
                ports: [PORTS.apiServer, PORTS.etcdClient, PORTS.etcdPeer, PORTS.kubelet],
            })),
            ...hostsWithRole(config, "worker")
                .slice(0, WORKER_SAMPLE)
                .map((other) => ({ host: other, ports: [PORTS.kubelet] })),
            ...balancers,
        ],
        worker: () => [...apiServers, ...balancers],
    };
    return joined(byRole[host.role]().filter((peer) => peer.host.name !== host.name));
}

/** One entry a host. */
function joined(all: readonly Peer[]): readonly Peer[] {
    const ports = new Map<HostConfig, readonly number[]>();
    for (const peer of all) ports.set(peer.host, distinct([...(ports.get(peer.host) ?? []), ...peer.ports]));
    return [...ports].map(([host, wanted]) => ({ host, ports: wanted })).filter((peer) => peer.ports.length > 0);
}

function distinct(ports: readonly number[]): readonly number[] {
    return [...new Set(ports)];
}
