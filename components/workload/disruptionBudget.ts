import type { types } from "@pulumi/kubernetes";
import { wholeNumber } from "./fields";
import { type Identity, metadataOf, selectorOf } from "./labels";
import { type Rule, problemIf } from "./rules";

/** How many replicas drains may take at the same time: none would block every drain (TRAPS 31). */
export const maxUnavailableSchema = wholeNumber(1).default(1);

/** Fewest replicas of a workload. */
export interface ReplicaCount {
    readonly maxUnavailable: number;
    readonly replicas?: number | undefined;
    readonly autoscaling?: { readonly min: number } | undefined;
}

/** Replicas when nothing is said: one may be drained and another fail at the same time. */
export const DEFAULT_REPLICAS = 3;

/** What the budget is measured against: the autoscaler's minimum, or the replicas. */
export function fewestReplicas({ replicas, autoscaling }: ReplicaCount): number {
    return autoscaling?.min ?? replicas ?? DEFAULT_REPLICAS;
}

/** A single replica cannot be moved while it serves: its budget blocks every drain or protects nothing (TRAPS 31, 32). */
export const moreThanOneReplica: Rule<ReplicaCount> = ({ replicas, autoscaling }) => [
    ...problemIf(
        replicas === 1,
        "replicas",
        "1 replica with a PodDisruptionBudget either blocks every drain or is down during each; write 2 or more",
    ),
    ...problemIf(
        autoscaling?.min === 1,
        "autoscaling.min",
        "1 lets the autoscaler leave a single replica, which is down during every drain; write 2 or more",
    ),
];

/** The budget always leaves a replica that serves. */
export const budgetBelowReplicas: Rule<ReplicaCount> = (args) => {
    const fewest = fewestReplicas(args);
    const what = args.autoscaling === undefined ? "replicas" : "replicas that the autoscaler may go down to";
    return problemIf(
        fewest > 1 && args.maxUnavailable >= fewest,
        "maxUnavailable",
        `${args.maxUnavailable} lets a drain take all ${fewest} ${what}; write at most ${fewest - 1}`,
    );
};

/**
 * The budget of a workload. Pods that are not ready anyway may always be evicted (`AlwaysAllow`): a broken rollout must not
 * block the drain of a node.
 */
export function disruptionBudget(args: Identity & { readonly maxUnavailable: number }) {
    return {
        metadata: metadataOf(args),
        spec: {
            maxUnavailable: args.maxUnavailable,
            unhealthyPodEvictionPolicy: "AlwaysAllow",
            selector: { matchLabels: selectorOf(args.name) },
        },
    } satisfies types.input.policy.v1.PodDisruptionBudget;
}
