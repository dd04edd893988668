import type { types } from "@pulumi/kubernetes";
import { z } from "zod";

const HOSTNAME = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";

/**
 * Where replicas may stand. `required`: one node never has two more than another, and a replica waits rather than break
 * that. `preferred`: the same as a wish.
 */
export const spreadSchema = (nodes: "required" | "preferred") =>
    z
        .strictObject({
            nodes: z.enum(["required", "preferred"]).default(nodes),
            /** Whether nodes have the label `topology.kubernetes.io/zone`; then zones are evened out too, as a wish. */
            zones: z.boolean().default(false),
        })
        .prefault({});
export type Spread = z.output<ReturnType<typeof spreadSchema>>;

/**
 * Constraints that spread pods evenly, and an affinity that makes the scheduler choose the emptier node among allowed ones.
 *
 * More replicas than nodes share nodes evenly. Cordoned, unreachable and tainted nodes do not count (`nodeTaintsPolicy:
 * Honor`): otherwise a drained node or a control plane would be the one with no replica, and every replacement would wait
 * for it. Zones are never required: zones of different sizes and even nodes can contradict each other.
 *
 * @param revisionLabels labels of a pod that say its revision: a rollout is then spread by itself, not around the old pods.
 *     Empty where pods are bound to the nodes of their volumes.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
 */
export function spreadRules(
    { nodes, zones }: Spread,
    matchLabels: Readonly<Record<string, string>>,
    revisionLabels: readonly string[],
) {
    const whom = {
        labelSelector: { matchLabels },
        ...(revisionLabels.length > 0 && { matchLabelKeys: [...revisionLabels] }),
    };
    const evenly = (topologyKey: string, whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway") => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable,
        nodeTaintsPolicy: "Honor",
        ...whom,
    });
    return {
        topologySpreadConstraints: [
            evenly(HOSTNAME, nodes === "required" ? "DoNotSchedule" : "ScheduleAnyway"),
            ...(zones ? [evenly(ZONE, "ScheduleAnyway")] : []),
        ],
        affinity: {
            podAntiAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                    { weight: 100, podAffinityTerm: { topologyKey: HOSTNAME, ...whom } },
                ],
            },
        },
    } satisfies Partial<types.input.core.v1.PodSpec>;
}
