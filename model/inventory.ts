import { z } from "zod";
import { addressSchema, Cidr } from "./address";
import { ConfigError, keyPath } from "./configError";
import { domainSchema, hostKeySchema, machineSchema, nameSchema, portSchema, userSchema } from "./fields";
import { Version } from "./version";

/**
 * Version of the inventory's shape. A reader refuses a newer one; a writer raises it when a field changes its meaning.
 */
export const INVENTORY_SCHEMA_VERSION = 1;

const role = z.enum(["load-balancer", "control-plane", "worker"]);

/** Nearly every text goes into commands that root runs on hosts, so none is anything but what it says it is. */
const said = (what: string, isSo: (text: string) => boolean) =>
    z.string().refine(isSo, { error: ({ input }) => `${JSON.stringify(input)} is not ${what}` });

const version = said("a version", (text) => holds(() => Version.parse(text)));
const cidr = said("an IPv4 network", (text) => holds(() => Cidr.parse(text)));
const socketPath = said("the path of a socket", (text) => /^(\/[\w.-]+)+$/.test(text));
const memberUrl = said("a URL of etcd", (text) => {
    const [, address = "", port] = /^https:\/\/([\d.]+):(\d{1,5})$/.exec(text) ?? [];
    return addressSchema.safeParse(address).success && portSchema.safeParse(Number(port)).success;
});

function holds(parse: () => unknown): boolean {
    try {
        parse();
        return true;
    } catch {
        return false;
    }
}

const host = z.object({
    name: nameSchema,
    address: addressSchema,
    role,
    ssh: z.object({ user: userSchema, port: portSchema, hostKey: hostKeySchema }),
    zone: nameSchema.optional(),
    pool: nameSchema.optional(),
    /** True for hosts that carry the ingress proxy and stand in the balancers' ingress backends. */
    ingress: z.boolean(),
});

const server = z.object({ name: nameSchema, address: addressSchema, port: portSchema });

/** Keys with a default came later than the first inventories, which must stay readable. */
const backend = z.object({
    name: nameSchema,
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
    host: nameSchema,
    kind: z.literal("haproxy"),
    adminSocket: socketPath,
    frontends: z.array(z.object({ name: nameSchema, port: portSchema, backend: nameSchema })),
    backends: z.array(backend),
});

const member = z.object({ name: nameSchema, host: nameSchema, clientUrl: memberUrl, peerUrl: memberUrl });

const schema = z.object({
    schemaVersion: z.literal(INVENTORY_SCHEMA_VERSION, {
        error: ({ input }) =>
            `is ${String(input)}; this quorate reads ${INVENTORY_SCHEMA_VERSION}: use the quorate that belongs to the stack`,
    }),
    clusterName: nameSchema,
    versions: z.object({ kubernetes: version, etcd: version, containerd: version }),
    endpoint: z.object({
        kind: z.enum(["haproxy", "external"]),
        address: addressSchema,
        port: portSchema,
        /** Milliseconds between two VRRP advertisements of the balancer that has the address; those of the default. */
        advertIntervalMs: z.number().default(500),
    }),
    hosts: z.array(host),
    /** The bastion in front of every host, if there is one. */
    proxy: z.object({ host: machineSchema, port: portSchema, user: userSchema, hostKey: hostKeySchema }).optional(),
    loadBalancers: z.array(loadBalancer),
    etcd: z.object({ topology: z.literal("stacked"), members: z.array(member) }),
    network: z.object({
        pods: cidr,
        services: cidr,
        domain: domainSchema,
        mode: z.enum(["host-gw", "vxlan", "none"]),
    }),
    /** Hash of the cluster CA's public key, in kubeadm's notation `sha256:...`; empty after an `up --target` without it. */
    caHash: said("a hash as in sha256:...", (text) => /^(sha256:[0-9a-f]+)?$/.test(text)),
    /** The cluster's own id, as in the mark of its hosts; clusters that an earlier version made have none until they have marks. */
    foundingId: said("a number in hex digits", (text) => /^[0-9a-f]+$/.test(text)).optional(),
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
