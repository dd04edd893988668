import type { types } from "@pulumi/kubernetes";
import { z } from "zod";

const keyOf = z.strictObject({ name: z.string().min(1), key: z.string().min(1) });

const valueSchema = z.union(
    [
        z.string(),
        z.strictObject({ secret: keyOf }),
        z.strictObject({ configMap: keyOf }),
        /** A field of the pod, for example `metadata.name`. */
        z.strictObject({ field: z.string().min(1) }),
    ],
    {
        error: "is no value; write text, { secret: { name, key } }, { configMap: { name, key } } or { field }",
    },
);

/** Environment of a container by name. Secrets are named, not given: a Deployment is readable by many. */
export const environmentSchema = z
    .record(z.string(), valueSchema)
    .default({})
    .superRefine((environment, context) => {
        for (const name of Object.keys(environment).filter((key) => !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key))) {
            context.addIssue({
                code: "custom",
                path: [name],
                message: "is no name of an environment variable; write letters, digits, dots, dashes and underscores",
            });
        }
    });
export type Environment = z.output<typeof environmentSchema>;

/** The environment in the order in which it was written: later values may use earlier ones. */
export function environmentVariables(environment: Environment): types.input.core.v1.EnvVar[] {
    return Object.entries(environment).map(([name, value]) => {
        if (typeof value === "string") return { name, value };
        if ("secret" in value) return { name, valueFrom: { secretKeyRef: value.secret } };
        if ("configMap" in value) return { name, valueFrom: { configMapKeyRef: value.configMap } };
        return { name, valueFrom: { fieldRef: { fieldPath: value.field } } };
    });
}
