import { z } from "zod";
import { Duration } from "../../model/duration";
import { parseConfig } from "../../model/parseConfig";
import {
    httpPath,
    imageSchema,
    neededBecause,
    objectName,
    portName,
    portNumber,
    secondsSchema,
    secondsWithDefault,
} from "./fields";
import { podFields } from "./podTemplate";
import { burstableHasRoom } from "./resources";
import { type Rule, problemIf, repeated, withRules } from "./rules";
import { rootIsMeant } from "./security";

/** Left over after the drain for requests accepted at its very end. */
const LAST_REQUESTS = Duration.seconds(15);

const NO_PORTS = "write at least one port that the load balancers send requests to";

const fields = z.strictObject({
    name: objectName(),
    ...podFields,
    /** Where the proxy listens, in its pod and on its nodes. */
    ports: z
        .array(z.strictObject({ name: portName, containerPort: portNumber, hostPort: portNumber }), {
            error: neededBecause(NO_PORTS),
        })
        .min(1, { error: `is empty; ${NO_PORTS}` }),
    /** Answers 2xx while the proxy can serve, and no more from SIGTERM on. */
    health: z.strictObject(
        { port: portNumber, path: httpPath },
        { error: neededBecause("write { port, path } of the proxy's own health check") },
    ),
    metricsPort: portNumber.optional(),
    /** What the proxy may do with the Kubernetes API, in all namespaces. */
    rules: z
        .array(
            z.strictObject({
                apiGroups: z.array(z.string()).min(1),
                resources: z.array(z.string().min(1)).min(1),
                verbs: z.array(z.string().min(1)).min(1),
            }),
            {
                error: neededBecause(
                    "write what the proxy may read, for example Ingresses, Services and EndpointSlices",
                ),
            },
        )
        .min(1, { error: "is empty; the proxy could read no Ingress" }),
    ingressClass: z.strictObject(
        {
            name: objectName(),
            /** What the proxy calls itself, for example `zalando.org/skipper`. */
            controller: z.string().regex(/^[a-z0-9.-]+\/[A-Za-z0-9._/-]+$/, {
                error: ({ input }) => `"${String(input)}" names no controller; write DOMAIN/NAME`,
            }),
            /** Whether it serves Ingresses that name no class. */
            default: z.boolean().default(false),
        },
        { error: neededBecause("write { name, controller } of the IngressClass that it serves") },
    ),
    /**
     * What Ingresses that it serves must keep to, as CEL over `object` and `variables.annotations`; the API refuses others
     * with the message. For proxies whose annotations can do more than their authors may (TRAPS 76).
     */
    admission: z.array(z.strictObject({ expression: z.string().min(1), message: z.string().min(1) })).default([]),
    /** Must succeed on each node before the proxy starts there, after every boot: for example reach a pod of another node. */
    gate: z
        .strictObject({
            image: imageSchema,
            command: z.array(z.string()).default([]),
            args: z.array(z.string()).default([]),
        })
        .optional(),
    /** How long the proxy, told to end, goes on serving while its health check fails. Set the same in the proxy itself. */
    drain: secondsSchema,
    /** How long the load balancers' checks may take to notice: interval x fall. */
    balancerNotices: secondsSchema.optional(),
    /** From SIGTERM to the kill; the drain and 15 s when left out. */
    grace: secondsSchema.optional(),
    /** How long a new proxy must have been ready before the next node's is replaced: until balancers use it again. */
    minReady: secondsWithDefault("10s"),
    priorityClassName: z.enum(["system-node-critical", "system-cluster-critical"]).default("system-node-critical"),
});

const RULES: readonly Rule<IngressProxy>[] = [
    balancersNoticeInTime,
    graceOutlastsProxyDrain,
    proxyPortsDiffer,
    burstableHasRoom,
    rootIsMeant,
];
const schema = withRules(fields, RULES);

/** An ingress proxy with every default filled in and every rule kept. */
export type IngressProxy = z.output<typeof fields>;

/** The arguments of {@link HaIngress}. Plain values, so that all of them are checked before anything is created. */
export interface HaIngressArgs extends Omit<z.input<typeof fields>, "name"> {
    /** Name of the objects; the component's own when left out. */
    readonly name?: string;
}

/**
 * Checks the arguments of an ingress proxy and fills in the defaults.
 * @throws ConfigError with every problem at once, each with its key path, the reason, and what to write instead
 */
export function parseIngressProxy(componentName: string, args: HaIngressArgs): IngressProxy {
    return parseConfig(schema, { name: componentName, ...args }, `HaIngress ${componentName}`);
}

/** From SIGTERM to the kill. */
export function proxyGrace({ drain, grace }: IngressProxy): Duration {
    return grace ?? drain.plus(LAST_REQUESTS);
}

/** Ports that only the kubelet and metrics collectors use, if no port on the node is the same. */
export function innerPorts({ ports, health, metricsPort }: IngressProxy) {
    const served = ports.map(({ containerPort }) => containerPort);
    return [
        { name: "health-check", containerPort: health.port },
        ...(metricsPort === undefined || metricsPort === health.port
            ? []
            : [{ name: "metrics", containerPort: metricsPort }]),
    ].filter(({ containerPort }) => !served.includes(containerPort));
}

/** A proxy may stop accepting, and the next may go, only when no balancer sends it requests any more. */
function balancersNoticeInTime({ drain, minReady, balancerNotices: notices }: IngressProxy) {
    if (notices === undefined) return [];
    return [
        ...problemIf(
            !drain.isLongerThan(notices),
            "drain",
            `${drain} is over before the load balancers have noticed after ${notices}; write more than ${notices}`,
        ),
        ...problemIf(
            !minReady.isLongerThan(notices),
            "minReady",
            `after ${minReady} the next proxy goes, but the load balancers use this one again only after ${notices}; write more`,
        ),
    ];
}

function graceOutlastsProxyDrain({ drain, grace }: IngressProxy) {
    return problemIf(
        grace !== undefined && !grace.isLongerThan(drain),
        "grace",
        `${grace} kills the proxy before its drain of ${drain} is over; write more than ${drain}, or leave it out`,
    );
}

function proxyPortsDiffer(proxy: IngressProxy) {
    const { ports } = proxy;
    const inside = innerPorts(proxy);
    return [
        ...(["name", "containerPort", "hostPort"] as const).flatMap((key) => repeated("ports", ports, key)),
        ...ports.flatMap(({ name }, index) =>
            problemIf(
                inside.some((port) => port.name === name),
                `ports[${index}].name`,
                `"${name}" is the name of the proxy's own port for it, which has another number; write another name`,
            ),
        ),
    ];
}
