import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import { budgetBelowReplicas, maxUnavailableSchema, moreThanOneReplica, type ReplicaCount } from "./disruptionBudget";
import { drainSchema, graceOutlastsDrain, gracePeriod, pauseBeforeStop } from "./drain";
import { namespaceSchema, secondsWithDefault, wholeNumber } from "./fields";
import { type Identity, selectorOf } from "./labels";
import { container, podBasics, podFields, podMetadata } from "./podTemplate";
import { containerPorts, portsDiffer, portsSchema } from "./ports";
import { priorityFields, priorityIsEarned } from "./priority";
import { containerProbes, livenessIsPatient, probedPortsExist, probesSchema } from "./probes";
import { burstableHasRoom } from "./resources";
import type { Rule } from "./rules";
import { rootIsMeant } from "./security";
import { type Spread, spreadRules } from "./spread";

/** The arguments of workloads whose replicas serve behind a Service. */
export const replicatedFields = {
    namespace: namespaceSchema,
    ...podFields,
    ...priorityFields,
    ports: portsSchema,
    probes: probesSchema,
    drain: drainSchema,
    /** At least 2; 3 when left out. */
    replicas: wholeNumber(1).optional(),
    /** How many replicas drains may take at the same time. */
    maxUnavailable: maxUnavailableSchema,
    /**
     * How long a new pod must have been ready before a rollout counts it and goes on: longer than the 2 to 4 s that others
     * need to learn of it (TRAPS 65), and pods that die right after their start stop the rollout.
     */
    minReady: secondsWithDefault("5s"),
    /** Mounts the token of the workload's service account: only for what talks to the Kubernetes API. */
    apiToken: z.boolean().default(false),
};

/** Those arguments, checked, with every default filled in. */
export type Replicated = Identity &
    z.output<z.ZodObject<typeof replicatedFields>> &
    ReplicaCount & { readonly spread: Spread };

/** What must hold between those arguments. */
export const REPLICATED_RULES: readonly Rule<Replicated>[] = [
    moreThanOneReplica,
    budgetBelowReplicas,
    graceOutlastsDrain,
    livenessIsPatient,
    portsDiffer,
    probedPortsExist,
    burstableHasRoom,
    rootIsMeant,
    priorityIsEarned,
];

/** What distinguishes the pods of one kind of workload. */
export interface PodKind {
    /** Labels of a pod that say its revision, see {@link spreadRules}. */
    readonly revisionLabels: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

/** The pods: spread out, asked by three probes, and ended slowly enough that nobody notices. */
export function replicatedPod(args: Replicated, { revisionLabels, labels = {}, volumeMounts = [] }: PodKind) {
    const [firstPort] = args.ports;
    return {
        metadata: podMetadata(args, labels),
        spec: {
            ...podBasics(args, { token: args.apiToken }),
            ...spreadRules(args.spread, selectorOf(args.name), revisionLabels),
            terminationGracePeriodSeconds: gracePeriod(args.drain).wholeSeconds,
            containers: [
                {
                    ...container(args),
                    ports: containerPorts(args.ports),
                    ...containerProbes(args.probes, firstPort?.name ?? ""),
                    lifecycle: pauseBeforeStop(args.drain),
                    ...(volumeMounts.length > 0 && { volumeMounts: [...volumeMounts] }),
                },
            ],
        },
    } satisfies types.input.core.v1.PodTemplateSpec;
}
