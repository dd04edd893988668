import { z } from "zod";
import { ConfigError, keyPath } from "./configError";

/**
 * Version of the inventory's shape. A reader refuses a newer one; a writer raises it when a field changes its meaning.
 */
export const INVENTORY_SCHEMA_VERSION = 1;

const role = z.enum(["load-balancer", "control-plane", "worker"]);

const host = z.object({
    name: z.string(),
    address: z.string(),
    role,
    ssh: z.object({ user: z.string(), port: z.number(), hostKey: z.string() }),
    zone: z.string().optional(),
    pool: z.string().optional(),
    /** True for hosts that carry the ingress proxy and stand in the balancers' ingress backends. */
    ingress: z.boolean(),
});

const server = z.object({ name: z.string(), address: z.string(), port: z.number() });

/** Keys with a default came later than the first inventories, which must stay readable. */
const backend = z.object({
    name: z.string(),
    /** `api` leaves by `/readyz`; `ingress` is set to maint around maintenance. */
    purpose: z.enum(["api", "ingress"]),
    /** `http`: the balancers read requests; `tcp`: bytes pass untouched, TLS ends at the server. */
    protocol: z.enum(["http", "tcp"]).default("tcp"),
    servers: z.array(server),
    /** Milliseconds until the balancer takes out a server that fails its checks; those of the default checks. */
    noticesWithinMs: z.number().default(4000),
});

const loadBalancer = z.object({
    /** Name of the host in `hosts`. */
    host: z.string(),
    kind: z.literal("haproxy"),
    adminSocket: z.string(),
    frontends: z.array(z.object({ name: z.string(), port: z.number(), backend: z.string() })),
    backends: z.array(backend),
});

const member = z.object({ name: z.string(), host: z.string(), clientUrl: z.string(), peerUrl: z.string() });

const schema = z.object({
    schemaVersion: z.literal(INVENTORY_SCHEMA_VERSION, {
        error: ({ input }) =>
            `is ${String(input)}; this quorate reads ${INVENTORY_SCHEMA_VERSION}: use the quorate that belongs to the stack`,
    }),
    clusterName: z.string(),
    versions: z.object({ kubernetes: z.string(), etcd: z.string(), containerd: z.string() }),
    endpoint: z.object({
        kind: z.enum(["haproxy", "external"]),
        address: z.string(),
        port: z.number(),
        /** Milliseconds between two VRRP advertisements of the balancer that has the address; those of the default. */
        advertIntervalMs: z.number().default(500),
    }),
    hosts: z.array(host),
    /** The bastion in front of every host, if there is one. */
    proxy: z.object({ host: z.string(), port: z.number(), user: z.string(), hostKey: z.string() }).optional(),
    loadBalancers: z.array(loadBalancer),
    etcd: z.object({ topology: z.literal("stacked"), members: z.array(member) }),
    network: z.object({
        pods: z.string(),
        services: z.string(),
        domain: z.string(),
        mode: z.enum(["host-gw", "vxlan", "none"]),
    }),
    /** Hash of the cluster CA's public key, in kubeadm's notation `sha256:...`. */
    caHash: z.string(),
    /** Null until a snapshot policy is configured. */
    snapshotPolicy: z.null(),
});

/** The contract between the stack that creates a cluster and the program that keeps it alive. Holds no secret. */
export type ClusterInventory = z.output<typeof schema>;
export type InventoryHost = ClusterInventory["hosts"][number];
export type InventoryLoadBalancer = ClusterInventory["loadBalancers"][number];
export type InventoryMember = ClusterInventory["etcd"]["members"][number];

/**
 * Reads an inventory that came from a stack output or a file.
 * @throws ConfigError with every problem at once
 */
export function parseInventory(input: unknown, subject = "stack output inventory"): ClusterInventory {
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    throw new ConfigError(
        subject,
        parsed.error.issues.map((issue) => ({ path: keyPath(issue.path) || "(whole)", message: issue.message })),
    );
}

/** Hosts of one role, in the order of the configuration. */
export function inventoryHosts(inventory: ClusterInventory, wanted: z.output<typeof role>): readonly InventoryHost[] {
    return inventory.hosts.filter((candidate) => candidate.role === wanted);
}
