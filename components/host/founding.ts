import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** Node runs this program, so it is there; `-p` prints what it evaluates. */
const MAKE_ID = `node -p "require('crypto').randomBytes(8).toString('hex')"`;

/**
 * The cluster's own id, made once on the operator's machine and kept in the state: what tells it from an earlier cluster of
 * the same name. No secret. It is in the mark of every host and in the inventory.
 */
export function founding(name: string, options: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const made = new local.Command(
        name,
        { create: MAKE_ID, addPreviousOutputInEnv: false, logging: "none" },
        // Made again it would be another cluster's.
        { ...options, ignoreChanges: ["create"] },
    );
    return made.stdout.apply((id: string | undefined) => (id ?? "").trim());
}
