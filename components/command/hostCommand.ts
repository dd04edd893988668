import { remote, types } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";
import { answerOf, remoteCommand, remoteInput } from "../../steps/remoteCommand";
import { connectionTo } from "./connection";
import { type HostScript, renderHostScript } from "./hostScript";

/** What every step on any host of a cluster needs to know. */
export interface ClusterAccess {
    /** Name of the cluster; a step does nothing on a host that is marked as another's, or as nobody's. */
    readonly cluster: string;
    readonly ssh: ClusterConfig["ssh"];
    /** Private key in OpenSSH form; the operator's agent is asked without it. */
    readonly privateKey?: pulumi.Output<string>;
}

export interface HostCommandArgs {
    readonly host: HostConfig;
    readonly access: ClusterAccess;
    readonly script: pulumi.Input<HostScript>;
    /** Reaches the script on standard input, the only way for secrets. The script is no longer shown in previews then. */
    readonly secretInput?: pulumi.Output<string>;
    /**
     * The step is done once, when its host is new, and that was: neither another secret nor another script runs it again,
     * because both travel together. It runs with the old one when its host gets another connection or user. For join tokens
     * and the like, which only a host that joins reads, and for scripts that name other hosts.
     */
    readonly hasRun?: boolean;
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
 * that is gone would fail: leaving hosts are cleaned by host/departure.ts. The command is the same for all steps; the script
 * is standard input, which previews show where no secret is in it.
 */
export function hostCommand(
    name: string,
    args: HostCommandArgs,
    options: pulumi.CustomResourceOptions,
): remote.Command {
    const { host, access, secretInput } = args;
    const owner = { cluster: access.cluster, host: host.name };
    const script = pulumi.output(args.script).apply((text) => renderHostScript(text, owner));
    return new remote.Command(
        name,
        {
            connection: connectionTo(host, access.ssh, access.privateKey, args.dialAttempts ?? DIAL_ATTEMPTS),
            create: remoteCommand(access.ssh.user),
            stdin:
                secretInput === undefined
                    ? script.apply((text) => remoteInput(text))
                    : pulumi.secret(
                          pulumi.all([script, secretInput]).apply(([text, secret]) => remoteInput(text, secret)),
                      ),
            addPreviousOutputInEnv: false,
            logging: args.secretOutput ? Logging.None : Logging.Stderr,
        },
        {
            ...options,
            ...(args.hasRun ? { ignoreChanges: ["stdin"] } : {}),
            ...(args.secretOutput ? { additionalSecretOutputs: ["stdout"] } : {}),
        },
    );
}

/**
 * What a step has said, without what login shells say around it; empty when `pulumi up --target` left the step out. A secret
 * when the step's output is one.
 * @throws Error in the output, when a step that succeeded has not answered; it never holds what was said instead
 */
export function answer(step: remote.Command): pulumi.Output<string> {
    return pulumi.all([step.urn, step.stdout]).apply(([urn, stdout]: [string, string | undefined]) => {
        if (stdout === undefined) return "";
        const said = answerOf(stdout);
        if (said !== undefined) return said;
        throw new Error(
            `${urn.split("::").at(-1)}: succeeded without an answer, ${stdout.length} characters of something else came; was it made by an earlier version of quorate, run pulumi up without --target, else look whether sshd forces another command upon ssh.user`,
        );
    });
}
