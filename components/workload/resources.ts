import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import { neededBecause, quantitySchema } from "./fields";
import { amountOf } from "../../model/quantity";
import { type Rule, problemIf } from "./rules";

const amounts = z.strictObject({ cpu: quantitySchema, memory: quantitySchema });

/** What a container may use, by the class of service that Kubernetes derives from it. */
export const resourcesSchema = z.discriminatedUnion(
    "qos",
    [
        /** The same amounts kept for it and never exceeded; evicted last under pressure. */
        z.strictObject({ qos: z.literal("guaranteed"), cpu: quantitySchema, memory: quantitySchema }),
        /** Amounts kept for it, and more while there is some. Memory has a limit because it cannot be taken back. */
        z.strictObject({
            qos: z.literal("burstable"),
            requests: amounts,
            limits: z.strictObject({ cpu: quantitySchema.optional(), memory: quantitySchema }),
        }),
        /** Nothing kept for it, no limit; evicted first under pressure. */
        z.strictObject({ qos: z.literal("bestEffort") }),
    ],
    {
        error: (issue) =>
            neededBecause("write { qos: ... } with guaranteed, burstable or bestEffort")(issue) ??
            "has no known class; write qos: guaranteed, burstable or bestEffort",
    },
);
export type Resources = z.output<typeof resourcesSchema>;

/** Burstable means room between what is kept and the limit. */
export const burstableHasRoom: Rule<{ readonly resources: Resources }> = ({ resources }) => {
    if (resources.qos !== "burstable") return [];
    const { requests, limits } = resources;
    const above = (["cpu", "memory"] as const).flatMap((key) => {
        const limit = limits[key];
        return problemIf(
            limit !== undefined && amount(limit) < amount(requests[key]),
            `resources.limits.${key}`,
            `${limit} is less than the ${requests[key]} requested; write at least as much`,
        );
    });
    const equal = limits.cpu !== undefined && amount(limits.cpu) === amount(requests.cpu);
    return [
        ...above,
        ...problemIf(
            equal && amount(limits.memory) === amount(requests.memory),
            "resources.qos",
            "burstable with limits equal to requests is the class guaranteed; write qos: guaranteed",
        ),
    ];
};

/** A checked quantity as a number. */
function amount(quantity: string): number {
    return amountOf(quantity) ?? Number.NaN;
}

/** Requests and limits of a container, so that its pod is of the class asked for. */
export function resourceRequirements(resources: Resources) {
    switch (resources.qos) {
        case "guaranteed": {
            const { cpu, memory } = resources;
            return { requests: { cpu, memory }, limits: { cpu, memory } };
        }
        case "burstable": {
            const { cpu, memory } = resources.limits;
            return { requests: resources.requests, limits: { ...(cpu !== undefined && { cpu }), memory } };
        }
        case "bestEffort":
            return {} satisfies types.input.core.v1.ResourceRequirements;
    }
}
