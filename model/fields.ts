import { z } from "zod";

/** Names of hosts, pools, clusters and objects: what Kubernetes accepts as a name without dots (RFC 1123 label). */
export const nameSchema = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
    error: ({ input }) => `"${String(input)}" is not a name; write lower-case letters, digits and "-", at most 63`,
});

export const portSchema = z.number().int().min(1).max(65535);

/** An SSH host key, as `ssh-keyscan` prints it without the host. */
export const hostKeySchema = z.string().regex(/^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/=]{40,}( .*)?$/, {
    error: 'the host\'s public key is needed; write the line that `ssh-keyscan HOST` prints, without the host: "ssh-ed25519 AAAA..."',
});

/** Who logs in. */
export const userSchema = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/, {
    error: 'is not the name of a user; write letters, digits, "_", ".", "@" and "-"',
});

/** What a machine outside of the cluster is reached by: a name in DNS, or an address. */
export const machineSchema = z.string().regex(/^[A-Za-z0-9:][A-Za-z0-9.:-]*$/, {
    error: ({ input }) =>
        `${JSON.stringify(input)} is not the name or address of a host; write for example bastion.example`,
});

/** A domain in DNS, for example `cluster.local`. */
export const domainSchema = z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, {
    error: ({ input }) =>
        `${JSON.stringify(input)} is not a domain; write lower-case letters, digits, "-" and single dots between, for example cluster.local`,
});
