import { z } from "zod";
import { Duration } from "../../model/duration";
import { nameSchema } from "../../model/fields";
import { RESERVED_LABELS } from "./labels";
import { amountOf } from "../../model/quantity";

/** Words for a value that must be there: says why it is needed instead of only that it is missing. */
export function neededBecause(reason: string) {
    return ({ input }: { readonly input?: unknown }) => (input === undefined ? `is missing; ${reason}` : undefined);
}

/**
 * A name of objects that may also be a Service: an RFC 1035 label, which unlike other names starts with a letter.
 * @param longest characters; less than 63 where Kubernetes appends something
 */
export const objectName = (longest = 63) =>
    z
        .string()
        .max(longest, { error: ({ input }) => `"${String(input)}" is too long; at most ${longest} characters` })
        .regex(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, {
            error: ({ input }) =>
                `"${String(input)}" is no DNS label; write lower-case letters, digits and "-", a letter first`,
        });

/** The namespace of all objects. It must exist: workloads share namespaces, so none of them makes one. */
export const namespaceSchema = z
    .string({ error: neededBecause("write the namespace that the objects live in") })
    .pipe(nameSchema);

/** A whole number between two others, both included. */
export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER) =>
    z.number().refine((value) => Number.isInteger(value) && value >= least && value <= most, {
        error: ({ input }) =>
            `${String(input)} is out of range; write a whole number ${
                most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
            }`,
    });

export const portNumber = wholeNumber(1, 65535);

/** Names of ports are IANA service names: at most 15 characters, and at least one letter. */
export const portName = z.string().regex(/^(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/, {
    error: ({ input }) => `"${String(input)}" is no port name; write for example http, at most 15 characters`,
});

export const httpPath = z.string().startsWith("/", {
    error: ({ input }) => `"${String(input)}" is no path; write it with a leading "/"`,
});

/** Text as `10s` or a Duration. Kubernetes counts whole seconds here, and none would mean no time at all. */
export const secondsSchema = z
    .custom<Duration | string>((value) => value instanceof Duration || typeof value === "string", {
        error: ({ input }) =>
            input === undefined ? "is missing; write a time, for example 10s" : "is no time; write for example 10s",
    })
    .transform((value, context) => {
        try {
            const time = value instanceof Duration ? value : Duration.parse(value);
            if (time.milliseconds > 0 && time.milliseconds % 1000 === 0) return time;
            context.addIssue({ code: "custom", message: `${time} cannot be set; write whole seconds, 1s or more` });
        } catch (error) {
            context.addIssue({ code: "custom", message: (error as Error).message });
        }
        return z.NEVER;
    });

/** The same with a value for when it is left out. */
export const secondsWithDefault = (text: string) => secondsSchema.prefault(text);

/** An amount of a resource that is more than nothing. */
export const quantitySchema = z.string().refine((text) => (amountOf(text) ?? 0) > 0, {
    error: ({ input }) => `"${String(input)}" is no amount; write for example 100m, 0.5, 64Mi or 1Gi`,
});

const reference = /^(?<repository>[^\s@]+?)(?::(?<tag>[\w][\w.-]{0,127}))?(?<digest>@sha256:[0-9a-f]{64})?$/;

/** An image with a version: what a moving tag means when a node pulls it again is not what was tested. */
export const imageSchema = z.string().superRefine((image, context) => {
    const { tag, digest } = reference.exec(image)?.groups ?? {};
    if (digest !== undefined || (tag !== undefined && tag !== "latest")) return;
    const found = tag === undefined ? "has no tag" : 'has the tag "latest", which moves';
    const message = reference.test(image) ? `"${image}" ${found}` : `"${image}" is no image reference`;
    context.addIssue({ code: "custom", message: `${message}; write a version, or a digest as @sha256:...` });
});

/** Labels beside those that the component sets. */
export const labelsSchema = z
    .record(z.string(), z.string())
    .default({})
    .superRefine((labels, context) => {
        for (const key of Object.keys(labels).filter((label) => RESERVED_LABELS.includes(label))) {
            context.addIssue({
                code: "custom",
                path: [key],
                message: "is set by the component itself; choose another key",
            });
        }
    });

export const annotationsSchema = z.record(z.string(), z.string()).default({});
