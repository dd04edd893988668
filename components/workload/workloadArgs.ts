import { z } from "zod";
import { parseConfig } from "../../model/parseConfig";
import { annotationsSchema, httpPath, neededBecause, objectName, portName, wholeNumber } from "./fields";
import { REPLICATED_RULES, replicatedFields } from "./replicated";
import { type Rule, problemIf, withRules } from "./rules";
import { spreadSchema } from "./spread";

const autoscalingSchema = z.strictObject({
    /** At least 2; the PodDisruptionBudget is measured against it. */
    min: wholeNumber(1),
    max: wholeNumber(1),
    /** Average use that replicas are added or removed to keep, in percent of the CPU requested. */
    cpuPercent: wholeNumber(1).default(70),
});

const ingressSchema = z.strictObject({
    /** The name that clients ask for, or `*.` and a domain. */
    host: z
        .string({
            error: neededBecause("write the name that clients ask for; without one it would answer for all names"),
        })
        .max(253)
        .regex(/^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, {
            error: ({ input }) => `"${String(input)}" is no DNS name; write for example shop.example.org`,
        }),
    /** Beginning of the paths that belong to this workload. */
    path: httpPath.default("/"),
    /** The IngressClass; the cluster's default when left out. */
    className: z.string().min(1).optional(),
    /** Name of the port; the first of `ports` when left out. */
    port: portName.optional(),
    /** Secret with the certificate. */
    tlsSecret: z.string().min(1).optional(),
    annotations: annotationsSchema,
    /**
     * Makes `pulumi up` wait until the Ingress shows the address of a load balancer. Off, because on hosts of one's own most
     * ingress controllers never write one, and the wait would end in an error after ten minutes.
     */
    awaitAddress: z.boolean().default(false),
});

const fields = z.strictObject({
    name: objectName(),
    ...replicatedFields,
    spread: spreadSchema("required"),
    /**
     * Instead of `replicas`. A workload that already runs with `replicas` falls back to one of them for some seconds when it
     * changes over, so let the autoscaler take over while nobody needs more.
     */
    autoscaling: autoscalingSchema.optional(),
    ingress: ingressSchema.optional(),
});

const RULES: readonly Rule<Workload>[] = [
    ...REPLICATED_RULES,
    replicasAreSaidOnce,
    autoscalerCanWork,
    ingressPortExists,
];
const schema = withRules(fields, RULES);

/** A workload with every default filled in and every rule kept. */
export type Workload = z.output<typeof fields>;

/** The arguments of {@link HaWorkload}. Plain values, so that all of them are checked before anything is created. */
export interface HaWorkloadArgs extends Omit<z.input<typeof fields>, "name"> {
    /** Name of the objects; the component's own when left out. */
    readonly name?: string;
}

/**
 * Checks the arguments of a workload and fills in the defaults.
 * @throws ConfigError with every problem at once, each with its key path, the reason, and what to write instead
 */
export function parseWorkload(componentName: string, args: HaWorkloadArgs): Workload {
    return parseConfig(schema, { name: componentName, ...args }, `HaWorkload ${componentName}`);
}

function replicasAreSaidOnce({ replicas, autoscaling }: Workload) {
    return problemIf(
        replicas !== undefined && autoscaling !== undefined,
        "replicas",
        `${replicas} contradicts autoscaling, which sets the number itself; leave one of them out`,
    );
}

function autoscalerCanWork({ autoscaling, resources }: Workload) {
    if (autoscaling === undefined) return [];
    const { min, max } = autoscaling;
    return [
        ...problemIf(max < min, "autoscaling.max", `${max} is less than the minimum ${min}; write at least ${min}`),
        ...problemIf(
            resources.qos === "bestEffort",
            "resources.qos",
            "bestEffort requests no CPU, of which the autoscaler would need a percentage; write burstable or guaranteed",
        ),
    ];
}

function ingressPortExists({ ingress, ports }: Workload) {
    const names = ports.map(({ name }) => name);
    return problemIf(
        ingress?.port !== undefined && !names.includes(ingress.port),
        "ingress.port",
        `"${ingress?.port}" is none of the ports; write one of ${names.join(", ")}`,
    );
}
