import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import { wholeNumber } from "./fields";
import { type Identity, metadataOf } from "./labels";
import { type Rule, problemIf } from "./rules";

/** Values above are Kubernetes' own. */
const HIGHEST_PRIORITY = 1_000_000_000;

/** Who is scheduled first and evicted last; nothing here means the cluster's default. */
export const priorityFields = {
    /** A PriorityClass that exists. */
    priorityClassName: z.string().min(1).optional(),
    /** A PriorityClass of this workload's own. */
    priorityClass: z
        .strictObject({
            value: wholeNumber(-HIGHEST_PRIORITY, HIGHEST_PRIORITY),
            /** Whether pods of less value are evicted to make room. */
            preempts: z.boolean().default(true),
        })
        .optional(),
    /** Says that the cluster does not work without this: the `system-*` classes are for such add-ons in kube-system. */
    criticalAddon: z.boolean().default(false),
};
export type Priority = z.output<z.ZodObject<typeof priorityFields>>;

/** One class, and a `system-*` one only for what the cluster itself needs. */
export const priorityIsEarned: Rule<Priority & { readonly namespace: string }> = (args) => {
    const { priorityClassName, priorityClass, criticalAddon, namespace } = args;
    const system = priorityClassName?.startsWith("system-") ?? false;
    return [
        ...problemIf(
            priorityClassName !== undefined && priorityClass !== undefined,
            "priorityClass",
            `contradicts priorityClassName ${priorityClassName}; leave one of them out`,
        ),
        ...problemIf(
            system && !criticalAddon,
            "priorityClassName",
            `${priorityClassName} is for add-ons without which the cluster does not work; write criticalAddon: true if this is one, or another class`,
        ),
        ...problemIf(
            criticalAddon && namespace !== "kube-system",
            "criticalAddon",
            `a critical add-on lives in kube-system, not in ${namespace}; write namespace: kube-system, or leave criticalAddon out`,
        ),
        ...problemIf(
            criticalAddon && !system,
            "criticalAddon",
            "has no effect without a system class; write priorityClassName: system-cluster-critical, or leave it out",
        ),
    ];
};

/** Name of the class that pods use; undefined for the cluster's default. */
export function priorityName({ priorityClassName, priorityClass, name, namespace }: Priority & Identity) {
    // Not the plain name: PriorityClasses have no namespace, and "system-" may not begin one.
    return priorityClass === undefined ? priorityClassName : `quorate-${namespace}-${name}`;
}

/** The workload's own class, if it asks for one. */
export function ownPriorityClass(args: Priority & Identity) {
    if (args.priorityClass === undefined) return undefined;
    const { namespace: _, ...metadata } = metadataOf(args);
    return {
        metadata: { ...metadata, name: `quorate-${args.namespace}-${args.name}` },
        value: args.priorityClass.value,
        preemptionPolicy: args.priorityClass.preempts ? "PreemptLowerPriority" : "Never",
        description: `Pods of ${args.name} in ${args.namespace}`,
    } satisfies types.input.scheduling.v1.PriorityClass;
}
