import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import { wholeNumber } from "./fields";
import { type Rule, problemIf } from "./rules";

/** As whom a container runs. The defaults are Kubernetes' "restricted" pod security standard. */
export const securitySchema = z
    .strictObject({
        /** Says that running as root is meant. */
        root: z.boolean().default(false),
        /** Number of the user; the image's own when left out, which must then be a number other than 0. */
        user: wholeNumber(0).optional(),
        /** Group that owns the volumes; the number of the user when left out. */
        group: wholeNumber(0).optional(),
        /** Refuses writes outside volumes. */
        readOnlyRoot: z.boolean().default(false),
        /** Linux capabilities beside none, for example NET_BIND_SERVICE. */
        capabilities: z.array(z.string().regex(/^[A-Z_]+$/, { error: "write it as NET_BIND_SERVICE" })).default([]),
    })
    .prefault({});
export type Security = z.output<typeof securitySchema>;

/** `root` and `user` must say the same. */
export const rootIsMeant: Rule<{ readonly security: Security }> = ({ security: { root, user } }) => [
    ...problemIf(!root && user === 0, "security.user", "0 is root; write another user, or root: true if root is meant"),
    ...problemIf(
        root && user !== undefined && user !== 0,
        "security.root",
        `true contradicts user ${user}; leave one of them out`,
    ),
];

/** The part that holds for all containers of a pod. */
export function podSecurity({ root, user, group }: Security) {
    const volumes = group ?? user;
    return {
        runAsNonRoot: !root,
        seccompProfile: { type: "RuntimeDefault" },
        ...(user !== undefined && { runAsUser: user }),
        ...(volumes !== undefined && { fsGroup: volumes, fsGroupChangePolicy: "OnRootMismatch" }),
    } satisfies types.input.core.v1.PodSecurityContext;
}

/** The part of one container. */
export function containerSecurity({ readOnlyRoot, capabilities }: Security) {
    return {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: readOnlyRoot,
        capabilities: { drop: ["ALL"], ...(capabilities.length > 0 && { add: capabilities }) },
    } satisfies types.input.core.v1.SecurityContext;
}
