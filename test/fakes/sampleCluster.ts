import { parseInventory, type ClusterInventory, type InventoryHost } from "../../model/inventory";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHwZ2nGqJk1iHcFpC5rJmTq0s0aXq3nYxEJ0n0z3Xb1d";

const host = (role: InventoryHost["role"]) => (name: string, lastByte: number) => ({
    name,
    address: `10.89.0.${lastByte}`,
    role,
    ssh: { user: "root", port: 22, hostKey: HOST_KEY },
    ingress: role === "control-plane",
});

const controlPlanes = [21, 22, 23].map((byte, index) => host("control-plane")(`cp${index + 1}`, byte));
const servers = (port: number) => controlPlanes.map(({ name, address }) => ({ name, address, port }));

const loadBalancer = (name: string) => ({
    host: name,
    kind: "haproxy",
    adminSocket: "/run/haproxy/admin.sock",
    frontends: [
        { name: "k8s-api", port: 6443, backend: "k8s-api" },
        { name: "ingress-http", port: 80, backend: "ingress-http" },
    ],
    backends: [
        { name: "k8s-api", purpose: "api", protocol: "tcp", servers: servers(6443), noticesWithinMs: 4000 },
        { name: "ingress-http", purpose: "ingress", protocol: "http", servers: servers(80), noticesWithinMs: 4000 },
    ],
});

/** The inventory of two load balancers, three control planes and three workers. */
export function sampleInventory(): ClusterInventory {
    return parseInventory({
        schemaVersion: 1,
        clusterName: "sample",
        versions: { kubernetes: "v1.36.3", etcd: "3.6.16", containerd: "2.4.2" },
        endpoint: { kind: "haproxy", address: "10.89.0.10", port: 6443, advertIntervalMs: 500 },
        hosts: [
            host("load-balancer")("lb1", 11),
            host("load-balancer")("lb2", 12),
            ...controlPlanes,
            ...[31, 32, 33].map((byte, index) => host("worker")(`w${index + 1}`, byte)),
        ],
        loadBalancers: [loadBalancer("lb1"), loadBalancer("lb2")],
        etcd: {
            topology: "stacked",
            members: controlPlanes.map(({ name, address }) => ({
                name,
                host: name,
                clientUrl: `https://${address}:2379`,
                peerUrl: `https://${address}:2380`,
            })),
        },
        network: { pods: "10.244.0.0/16", services: "10.96.0.0/12", domain: "cluster.local", mode: "host-gw" },
        caHash: "sha256:0000",
        snapshotPolicy: null,
    });
}
