import { remote, types } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";
import { connectionTo } from "./connection";
import { type HostScript, renderHostScript, shellQuote } from "./hostScript";

/** What every step on any host of a cluster needs to know. */
export interface ClusterAccess {
    readonly ssh: ClusterConfig["ssh"];
    /** Private key in OpenSSH form; the operator's agent is asked without it. */
    readonly privateKey?: pulumi.Output<string>;
}

export interface HostCommandArgs {
    readonly host: HostConfig;
    readonly access: ClusterAccess;
    readonly script: pulumi.Input<HostScript>;
    /** Reaches the script on standard input: the only way for secrets. */
    readonly secretInput?: pulumi.Output<string>;
    /** A changed secret does not run the step again: for join tokens, which only a host that joins reads. */
    readonly ignoreSecretChanges?: boolean;
    /** The script's output is a secret: not logged, encrypted in the state. */
    readonly secretOutput?: boolean;
    /** For the first step of a host, which waits for the host to come up. */
    readonly dialAttempts?: number;
}

const { Logging } = types.enums.remote;

const DIAL_ATTEMPTS = 10;

/**
 * One step on one host: the only place where quorate makes a `remote.Command` (TRAPS 56 to 61).
 *
 * The script is idempotent, so it serves for creating and for updating; it has no delete, because deleting through a host
 * that is gone would fail: leaving hosts are cleaned by host/departure.ts. Its text is what previews show.
 */
export function hostCommand(
    name: string,
    args: HostCommandArgs,
    options: pulumi.CustomResourceOptions,
): remote.Command {
    const { host, access } = args;
    return new remote.Command(
        name,
        {
            connection: connectionTo(host, access.ssh, access.privateKey, args.dialAttempts ?? DIAL_ATTEMPTS),
            create: pulumi.output(args.script).apply((script) => asRoot(renderHostScript(script), access.ssh.user)),
            ...(args.secretInput === undefined ? {} : { stdin: pulumi.secret(args.secretInput) }),
            addPreviousOutputInEnv: false,
            logging: args.secretOutput ? Logging.None : Logging.Stderr,
        },
        {
            ...options,
            ...(args.ignoreSecretChanges ? { ignoreChanges: ["stdin"] } : {}),
            ...(args.secretOutput ? { additionalSecretOutputs: ["stdout"] } : {}),
        },
    );
}

function asRoot(script: string, user: string): string {
    return user === "root" ? script : `exec sudo -n bash -c ${shellQuote(script)}`;
}
