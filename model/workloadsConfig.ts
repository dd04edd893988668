import { z } from "zod";
import { positiveDurationWithDefault } from "./duration";
import { nameSchema, portSchema } from "./fields";
import { parseConfig } from "./parseConfig";

const skipperSchema = z.strictObject({
    controller: z.literal("skipper"),
    image: z.string().min(1),
    /** Where it listens on its nodes: the balancers' `targetPort`, or `port`. */
    port: portSchema.default(80),
    /** How long a proxy that is told to end goes on serving while its health check fails; the balancers take it out meanwhile. */
    drain: positiveDurationWithDefault("10s"),
});

const amountsSchema = z.strictObject({ cpu: z.string().min(1), memory: z.string().min(1) });

/** What one replica is given; more memory than the limit ends it. */
const resourcesSchema = z.strictObject({
    qos: z.literal("burstable").default("burstable"),
    requests: amountsSchema,
    limits: z.strictObject({ memory: z.string().min(1) }),
});

/** A web application in few words; what it says is checked as the arguments of HaWorkload. */
const applicationSchema = z.strictObject({
    name: nameSchema,
    namespace: nameSchema.default("default"),
    image: z.string().min(1),
    args: z.array(z.string()).default([]),
    port: portSchema,
    readinessPath: z.string().startsWith("/"),
    replicas: z.number().int().min(2).default(3),
    resources: resourcesSchema,
    /** Number of the user it runs as; the image's own when left out, which must then be a number other than 0. */
    user: z.number().int().optional(),
    /** The name under which the ingress serves it. */
    host: z.string().min(1),
});

const schema = z.strictObject({
    /** The stack of this project that made the cluster, for example `lab`. */
    cluster: z.string().min(1),
    /** `none` where the ingress controller is installed by other means. */
    ingress: z.discriminatedUnion("controller", [skipperSchema, z.strictObject({ controller: z.literal("none") })]),
    /** Name of the IngressClass that serves the applications. */
    ingressClass: nameSchema.default("skipper"),
    applications: z.array(applicationSchema).default([]),
});

/** What stands on a cluster: its ingress controller and web applications, with every default filled in. */
export type WorkloadsConfig = z.output<typeof schema>;
/** The same before defaults: what stands in `Pulumi.<stack>.yaml` under `quorate:workloads`. */
export type WorkloadsConfigInput = z.input<typeof schema>;
export type ApplicationConfig = WorkloadsConfig["applications"][number];
export type SkipperConfig = z.output<typeof skipperSchema>;

/**
 * Checks the workloads' configuration and fills in the defaults.
 * @throws ConfigError with every problem at once, each with its key path and what to write instead
 */
export function parseWorkloadsConfig(input: unknown): WorkloadsConfig {
    return parseConfig(schema, input, "quorate:workloads");
}
