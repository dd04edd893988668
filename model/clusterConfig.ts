import { z } from "zod";
import { addressSchema, cidrSchema, cidrWithDefault } from "./address";
import { keyPath } from "./configError";
import { crossFieldProblems } from "./clusterRules";
import { durationWithDefault, positiveDurationWithDefault } from "./duration";
import { domainSchema, hostKeySchema, machineSchema, nameSchema, portSchema, userSchema } from "./fields";
import { parseConfig } from "./parseConfig";
import { versionSchema, versionWithDefault } from "./version";

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, { error: "is not a sha256; write 64 lower-case hex digits" });

const loadBalancerRole = z.literal("load-balancer");
const roleSchema = z.union([loadBalancerRole, z.literal("control-plane"), z.literal("worker")], {
    error: ({ input }) => `unknown role "${String(input)}"; write load-balancer, control-plane or worker`,
});

const hostSchema = z.strictObject({
    name: nameSchema,
    address: addressSchema,
    role: roleSchema,
    hostKey: hostKeySchema,
    /** Failure zone: rack, room, power feed. */
    zone: nameSchema.optional(),
    /** Worker pool; workers without one belong to `default`. */
    pool: nameSchema.optional(),
});

const taintSchema = z.strictObject({
    key: z.string().min(1),
    value: z.string().default(""),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

const poolSchema = z.strictObject({
    name: nameSchema,
    labels: z.record(z.string(), z.string()).default({}),
    taints: z.array(taintSchema).default([]),
});

/** Kubernetes quantities kept for the system and for Kubernetes itself on every node. */
const reservedSchema = z.strictObject({
    cpu: z.string().default("100m"),
    memory: z.string().default("256Mi"),
});

const sshSchema = z.strictObject({
    user: userSchema.default("root"),
    port: portSchema.default(22),
    /** A bastion through which every host is reached. */
    proxy: z
        .strictObject({
            host: machineSchema,
            port: portSchema.default(22),
            user: userSchema.default("root"),
            hostKey: hostKeySchema,
        })
        .optional(),
});

const checkSchema = z.strictObject({
    interval: positiveDurationWithDefault("1s"),
    timeout: positiveDurationWithDefault("1s"),
    fall: z.number().int().min(1).default(2),
    rise: z.number().int().min(1).default(2),
});

const ingressSchema = z.strictObject({
    name: nameSchema,
    port: portSchema,
    /** Where the ingress proxy listens on its nodes. */
    targetPort: portSchema.optional(),
    /**
     * `http`: the balancers read requests, so that one that found its proxy gone is sent to another (GET, HEAD and OPTIONS).
     * `tcp`: bytes pass untouched, for TLS that ends at the proxy.
     */
    protocol: z.enum(["http", "tcp"]).default("tcp"),
    /** HTTP path that answers 200 while the proxy can serve; without it a TCP connection is the check. */
    checkPath: z.string().startsWith("/").optional(),
    /** `http` only: how long a request may go without an answer; nginx's default. */
    responseTimeout: positiveDurationWithDefault("60s"),
});

const endpointSchema = z.strictObject({
    /** `haproxy`: load-balancer hosts with keepalived. `external`: the user's own, already in front of the API servers. */
    kind: z.enum(["haproxy", "external"]).default("haproxy"),
    address: addressSchema,
    port: portSchema.default(6443),
    /** VRRP router id, unique in the hosts' network (TRAPS 30). */
    virtualRouterId: z.number().int().min(1).max(255).default(51),
    /** VRRP advertisement interval; the address moves after about 3 to 4 of them. */
    advertInterval: positiveDurationWithDefault("500ms"),
    /** Says that one load balancer, a single point of failure, is meant. */
    allowSingleLoadBalancer: z.boolean().default(false),
    apiCheck: checkSchema.prefault({}),
    connectTimeout: positiveDurationWithDefault("1s"),
    /** Idle streams (watches, exec) live this long; longer than client-go's 45 s ping (TRAPS 22). */
    streamTimeout: positiveDurationWithDefault("1h"),
    ingress: z.array(ingressSchema).prefault([
        { name: "ingress-http", port: 80, protocol: "http" },
        { name: "ingress-https", port: 443, protocol: "tcp" },
    ]),
    /** Hosts that carry the ingress proxy; the control planes when empty. */
    ingressHosts: z.array(nameSchema).default([]),
    /** More names or addresses for the API servers' certificates (TRAPS 54). */
    certificateNames: z.array(z.string().min(1)).default([]),
});

const networkSchema = z.strictObject({
    hosts: cidrSchema,
    pods: cidrWithDefault("10.244.0.0/16"),
    services: cidrWithDefault("10.96.0.0/12"),
    domain: domainSchema.default("cluster.local"),
    /** `host-gw` for hosts in one layer-2 network, `vxlan` across routers, `none` to bring one's own. */
    mode: z.enum(["host-gw", "vxlan", "none"]).default("host-gw"),
});

/** Digests of images by their references, for versions whose digests are not known here. */
const digestsSchema = z
    .record(
        z.string(),
        z.string().regex(/^sha256:[0-9a-f]{64}$/, {
            error: "is no digest; write sha256: and 64 lower-case hex digits",
        }),
    )
    .default({});

const artifactsSchema = z.discriminatedUnion("source", [
    z.strictObject({ source: z.literal("release"), digests: digestsSchema }),
    z.strictObject({
        source: z.literal("mirror"),
        digests: digestsSchema,
        /** Base addresses that replace the projects' own, same layout behind them. */
        url: z.url(),
        imageRegistry: z.string().min(1),
    }),
    z.strictObject({
        source: z.literal("bundle"),
        /** A folder on every host: bin/, cni/, images/, SHA256SUMS. */
        directory: z.string().startsWith("/"),
        /** sha256 of the bundle's SHA256SUMS: one number that pins every file in it. */
        sha256sums: sha256Schema,
        /** Images of workloads that no registry offers here: `images/NAME.tar` of the bundle, brought to every node. */
        images: z.array(z.strictObject({ name: nameSchema, reference: z.string().min(1) })).default([]),
    }),
]);

const proxyUrlSchema = z.string().regex(/^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?\/?$/, {
    error: ({ input }) =>
        // Without the value: it may hold a password.
        String(input).includes("@")
            ? "holds a user or a password, which previews and hosts would show; let the proxy accept hosts by their address"
            : "is not a proxy's address; write for example http://proxy.example:3128",
});

/** The site's HTTP proxy, for what comes from outside: artifacts, packages, images. */
const proxySchema = z.strictObject({
    http: proxyUrlSchema.optional(),
    https: proxyUrlSchema.optional(),
    /** More that is dialled directly: names, domains with a leading dot, addresses, networks. The cluster's own are known. */
    none: z
        .array(
            z.string().regex(/^\.?[A-Za-z0-9][A-Za-z0-9.:/-]*$/, {
                error: ({ input }) =>
                    `${JSON.stringify(input)} is no name, .domain, address or network; write for example .plant.example`,
            }),
        )
        .default([]),
});

const versionsSchema = z.strictObject({
    kubernetes: versionSchema,
    etcd: versionWithDefault("3.6.10"),
    containerd: versionWithDefault("2.3.4"),
    runc: versionWithDefault("1.4.3"),
    cniPlugins: versionWithDefault("1.9.1"),
    coredns: versionWithDefault("1.14.6"),
    flannel: versionWithDefault("0.28.4"),
    pause: z.string().default("3.10.2"),
});

/** Leader election of scheduler and controller-manager; the field's defaults, explicit. */
const leaderElectionSchema = z.strictObject({
    leaseDuration: positiveDurationWithDefault("15s"),
    renewDeadline: positiveDurationWithDefault("10s"),
    retryPeriod: positiveDurationWithDefault("2s"),
});

const apiServerSchema = z.strictObject({
    /** How long a stopping API server keeps serving while `/readyz` says no (TRAPS 18). */
    shutdownDelay: durationWithDefault("10s"),
    /** Given to the static pod before it is killed; longer than the delay (TRAPS 18). */
    terminationGracePeriod: durationWithDefault("75s"),
    auditLogMaxAgeDays: z.number().int().min(1).default(30),
    auditLogMaxSizeMegabytes: z.number().int().min(1).default(100),
    auditLogMaxFiles: z.number().int().min(1).default(10),
});

const kubeletSchema = z.strictObject({
    /** Graceful node shutdown, the safety net below the drain (TRAPS 40). */
    shutdownGracePeriod: durationWithDefault("90s"),
    shutdownGracePeriodCriticalPods: durationWithDefault("80s"),
    systemReserved: reservedSchema.prefault({}),
    kubeReserved: reservedSchema.prefault({}),
    /** Accept hosts that still run cgroup v1; Kubernetes refuses them otherwise since 1.35. */
    allowCgroupV1: z.boolean().default(false),
});

const etcdSchema = z.strictObject({
    topology: z.literal("stacked").default("stacked"),
    quotaBackendBytes: z
        .number()
        .int()
        .min(64 * 1024 * 1024)
        .default(8 * 1024 * 1024 * 1024),
    heartbeatInterval: positiveDurationWithDefault("100ms"),
    electionTimeout: positiveDurationWithDefault("1s"),
});

const fields = z.strictObject({
    name: nameSchema,
    versions: versionsSchema,
    hosts: z.array(hostSchema).min(1, { error: "no hosts; list at least three control planes" }),
    pools: z.array(poolSchema).default([]),
    ssh: sshSchema.prefault({}),
    endpoint: endpointSchema,
    network: networkSchema,
    artifacts: artifactsSchema,
    proxy: proxySchema.prefault({}),
    etcd: etcdSchema.prefault({}),
    apiServer: apiServerSchema.prefault({}),
    kubelet: kubeletSchema.prefault({}),
    leaderElection: leaderElectionSchema.prefault({}),
    /** Makes `pulumi destroy` refuse until this is false and `pulumi up` has run: nobody destroys a cluster by a slip. */
    protect: z.boolean().default(true),
    /** Lets ordinary pods run on control planes; off because an eviction storm must not reach them (TRAPS 24). */
    schedulePodsOnControlPlanes: z.boolean().default(false),
});

/** A cluster as its owner declares it, checked as a whole, with every default filled in. */
export type ClusterConfig = z.output<typeof fields>;
/** The same before defaults: what stands in `Pulumi.<stack>.yaml` under `quorate:cluster`. */
export type ClusterConfigInput = z.input<typeof fields>;
export type HostConfig = ClusterConfig["hosts"][number];
export type PoolConfig = ClusterConfig["pools"][number];
export type Role = HostConfig["role"];
export type HealthCheck = ClusterConfig["endpoint"]["apiCheck"];
export type Ingress = ClusterConfig["endpoint"]["ingress"][number];

/**
 * Checks a cluster's configuration, shape and meaning, and fills in the defaults.
 * @throws ConfigError with every problem at once, each with its key path and what to write instead
 */
export function parseClusterConfig(input: unknown, subject = "quorate:cluster"): ClusterConfig {
    return parseConfig(shape, input, subject);
}

/** The rules between fields; they also look at what is right beside a field that is wrong. */
const rules = z.check<ClusterConfig>((payload) => {
    const wrongPaths = payload.issues.map((issue) => keyPath(issue.path ?? []));
    for (const { path, message } of crossFieldProblems(payload.value, wrongPaths)) {
        payload.issues.push({ code: "custom", message, input: payload.value, path: [path] });
    }
});
rules._zod.def.when = () => true;

const shape = fields.check(rules);

/** Hosts of one role, in the order of the configuration. */
export function hostsWithRole(config: ClusterConfig, role: Role): readonly HostConfig[] {
    return config.hosts.filter((host) => host.role === role);
}

/** Hosts that carry the ingress proxy: those named, or the control planes as in the default topology. */
export function ingressHosts(config: ClusterConfig): readonly HostConfig[] {
    const named = config.endpoint.ingressHosts;
    if (named.length === 0) return hostsWithRole(config, "control-plane");
    return config.hosts.filter((host) => named.includes(host.name));
}
