import { type ClusterConfig, type HealthCheck, hostsWithRole, ingressHosts } from "../../model/clusterConfig";
import { type ClusterInventory, INVENTORY_SCHEMA_VERSION } from "../../model/inventory";
import { PORTS } from "../../model/ports";
import { ADMIN_SOCKET, frontends } from "../loadBalancer/haproxyConfig";

/** The contract with `quorate`, made from the configuration that made the cluster. Pure; holds no secret. */
export function clusterInventory(config: ClusterConfig, caHash: string, foundingId?: string): ClusterInventory {
    const { endpoint, network, ssh, versions } = config;
    return {
        schemaVersion: INVENTORY_SCHEMA_VERSION,
        clusterName: config.name,
        versions: {
            kubernetes: versions.kubernetes.toString(),
            etcd: versions.etcd.bare,
            containerd: versions.containerd.bare,
        },
        endpoint: {
            kind: endpoint.kind,
            address: endpoint.address,
            port: endpoint.port,
            advertIntervalMs: endpoint.advertInterval.milliseconds,
        },
        hosts: config.hosts.map((host) => ({
            name: host.name,
            address: host.address,
            role: host.role,
            ssh: { user: ssh.user, port: ssh.port, hostKey: host.hostKey },
            ingress: ingressHosts(config).includes(host),
            ...(host.zone !== undefined && { zone: host.zone }),
            ...(host.role === "worker" && { pool: host.pool ?? "default" }),
        })),
        ...(ssh.proxy && { proxy: ssh.proxy }),
        loadBalancers: hostsWithRole(config, "load-balancer").map((host) => ({
            host: host.name,
            kind: "haproxy",
            adminSocket: ADMIN_SOCKET,
            frontends: frontends(config).map(({ name, port, backend }) => ({ name, port, backend: backend.name })),
            backends: frontends(config).map(({ backend: { name, purpose, mode, servers } }) => ({
                name,
                purpose,
                protocol: mode,
                servers: [...servers],
                noticesWithinMs: noticesWithin(endpoint.apiCheck),
            })),
        })),
        etcd: {
            topology: "stacked",
            members: hostsWithRole(config, "control-plane").map(({ name, address }) => ({
                name,
                host: name,
                clientUrl: `https://${address}:${PORTS.etcdClient}`,
                peerUrl: `https://${address}:${PORTS.etcdPeer}`,
            })),
        },
        network: {
            pods: network.pods.toString(),
            services: network.services.toString(),
            domain: network.domain,
            mode: network.mode,
        },
        caHash,
        ...(foundingId && { foundingId }),
        snapshotPolicy: null,
    };
}

/** The check that fails first may be a whole interval away, and each takes its time-out where nothing answers. */
function noticesWithin({ interval, timeout, fall }: HealthCheck): number {
    return interval.plus(timeout).times(fall).milliseconds;
}
