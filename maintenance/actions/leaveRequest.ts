import { z } from "zod";
import { ConfigError, keyPath } from "../../model/configError";
import { userSchema } from "../../model/fields";

/** Names go into kubectl's arguments on the hosts, so they are nothing but RFC 1123 labels. */
const nameSchema = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);

const hostSchema = z.object({
    name: nameSchema,
    address: z.ipv4(),
    role: z.enum(["load-balancer", "control-plane", "worker"]),
    ssh: z.object({ user: userSchema, port: z.number().int().min(1).max(65535), hostKey: z.string().min(1) }),
});

const clusterSchema = z.object({ name: nameSchema, foundingId: z.string() });

const accessShape = {
    /** Whose hosts these are, as their marks say it; requests that an earlier version wrote do not tell. */
    cluster: clusterSchema.optional(),
    /** The bastion in front of every host, if there is one. */
    proxy: z
        .object({
            host: z.string().min(1),
            port: z.number().int(),
            user: userSchema,
            hostKey: z.string().min(1),
        })
        .optional(),
    /** SSH private key; the SSH agent when left out. */
    privateKey: z.string().min(1).optional(),
};

const leaveSchema = z.object({
    ...accessShape,
    /** One host goes, the cluster stays. */
    purpose: z.literal("leave"),
    host: hostSchema,
    /** All control planes; whether the leaving host is among them does not matter. */
    controlPlanes: z.array(hostSchema).min(1),
    /** True when the host is known to be gone for good: it is not dialled. */
    gone: z.boolean().default(false),
});

const destroySchema = z.object({
    ...accessShape,
    /** The whole cluster goes: no drain, no gates. */
    purpose: z.literal("destroy"),
    hosts: z.array(hostSchema).min(1),
});

const schema = z.discriminatedUnion("purpose", [leaveSchema, destroySchema]);

/** What `quorate leave` reads on standard input, written by the stack. May hold a private key. */
export type LeaveRequest = z.output<typeof schema>;
export type HostLeaveRequest = z.output<typeof leaveSchema>;
export type DestroyRequest = z.output<typeof destroySchema>;
export type RequestingCluster = z.output<typeof clusterSchema>;
export type LeavingHost = z.output<typeof hostSchema>;

const SUBJECT = "quorate leave, standard input";

/** @throws ConfigError with every problem at once; never with a value, because a private key may be among them */
export function parseLeaveRequest(text: string): LeaveRequest {
    const parsed = schema.safeParse(readJson(text));
    if (parsed.success) return parsed.data;
    throw new ConfigError(
        SUBJECT,
        parsed.error.issues.map((issue) => ({ path: keyPath(issue.path) || "(whole)", message: issue.message })),
    );
}

function readJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        throw new ConfigError(SUBJECT, [
            { path: "(whole)", message: "is not JSON; this command is run by `pulumi up`, not by hand" },
        ]);
    }
}
