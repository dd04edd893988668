import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import { environmentSchema, environmentVariables } from "./environment";
import { annotationsSchema, imageSchema, labelsSchema, neededBecause } from "./fields";
import { type Identity, metadataOf } from "./labels";
import { type Priority, priorityName } from "./priority";
import { resourceRequirements, resourcesSchema } from "./resources";
import { containerSecurity, podSecurity, securitySchema } from "./security";

/** What every workload's pods are made from. */
export const podFields = {
    /** Labels and annotations of all objects and pods of the workload. */
    labels: labelsSchema,
    annotations: annotationsSchema,
    image: z.string({ error: neededBecause("write the image with a tag or a digest") }).pipe(imageSchema),
    /** Replaces the image's entrypoint. */
    command: z.array(z.string()).default([]),
    args: z.array(z.string()).default([]),
    env: environmentSchema,
    resources: resourcesSchema,
    security: securitySchema,
};

/** The checked arguments of a pod. */
export type PodArgs = Identity & z.output<z.ZodObject<typeof podFields>>;

/** The parts of a container that follow from the arguments alone; ports, probes and hooks are the caller's. */
export function container(args: PodArgs) {
    return {
        name: args.name,
        image: args.image,
        ...commandLine(args),
        ...(Object.keys(args.env).length > 0 && { env: environmentVariables(args.env) }),
        resources: resourceRequirements(args.resources),
        securityContext: containerSecurity(args.security),
    } satisfies types.input.core.v1.Container;
}

/** Command and arguments where there are some; the image's own otherwise. */
export function commandLine({ command, args }: { readonly command: string[]; readonly args: string[] }) {
    return { ...(command.length > 0 && { command }), ...(args.length > 0 && { args }) };
}

/** The parts of a pod that do not depend on what kind of workload it belongs to. */
export function podBasics(args: PodArgs & Priority, { token }: { readonly token: boolean }) {
    const priorityClassName = priorityName(args);
    return {
        serviceAccountName: args.name,
        automountServiceAccountToken: token,
        enableServiceLinks: false,
        ...(priorityClassName !== undefined && { priorityClassName }),
        securityContext: podSecurity(args.security),
    } satisfies Partial<types.input.core.v1.PodSpec>;
}

/** Labels and annotations of the pods; more labels may be given, which no selector uses. */
export function podMetadata(args: Identity, more: Readonly<Record<string, string>> = {}) {
    const { labels, annotations } = metadataOf(args);
    return { labels: { ...labels, ...more }, annotations };
}

/** The identity of the pods towards the API, without a token where they do not ask for one. */
export function serviceAccount(args: Identity, { token }: { readonly token: boolean }) {
    return {
        metadata: metadataOf(args),
        automountServiceAccountToken: token,
    } satisfies types.input.core.v1.ServiceAccount;
}
