import { z } from "zod";

/** Names of hosts, pools, clusters and objects: what Kubernetes accepts as a name without dots (RFC 1123 label). */
export const nameSchema = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
    error: ({ input }) => `"${String(input)}" is not a name; write lower-case letters, digits and "-", at most 63`,
});

export const portSchema = z.number().int().min(1).max(65535);
