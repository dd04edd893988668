import { randomUUID } from "node:crypto";
import type { remote } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { HostConfig } from "../../model/clusterConfig";
import { type ClusterAccess, hostCommand } from "../command/hostCommand";
import { type HostScript, loadScript } from "../command/hostScript";

/** Marks the tokens of workers, so that nobody else's are withdrawn. */
const PURPOSE = "quorate: workers joining by pulumi up";

export interface JoinTokenArgs {
    /** The control plane that makes and withdraws tokens. */
    readonly host: HostConfig;
    readonly access: ClusterAccess;
    /** Whether any worker has still to join, as far as the program knows. */
    readonly needed: boolean;
}

/**
 * A token for the workers of this very run: a fresh one as long as any of them has still to join, also when the run before
 * failed a day ago. While none has, the step stays as it ran last and no preview shows it.
 */
export function joinToken(name: string, args: JoinTokenArgs, options: pulumi.CustomResourceOptions): remote.Command {
    return onlyWhenNeeded(name, args, renderJoinToken(attempt(args)), options);
}

/** Takes the tokens back when all workers have joined. */
export function withdrawnTokens(
    name: string,
    args: JoinTokenArgs,
    options: pulumi.CustomResourceOptions,
): remote.Command {
    return onlyWhenNeeded(name, args, renderWithdrawTokens(attempt(args)), options);
}

function onlyWhenNeeded(
    name: string,
    { host, access, needed }: JoinTokenArgs,
    script: HostScript,
    options: pulumi.CustomResourceOptions,
): remote.Command {
    const secretOutput = script.output === "own";
    const frozen = needed ? {} : { ignoreChanges: ["connection", "create", "stdin"] };
    return hostCommand(name, { host, access, script, secretOutput }, { ...options, ...frozen });
}

/** Another one for each run of the program; none when nobody joins, so that the text is the same then. */
function attempt({ needed }: JoinTokenArgs): string {
    return needed ? randomUUID() : "";
}

/** The step that makes a token. @param run of the program; empty when there is nobody to make one for */
export function renderJoinToken(run: string): HostScript {
    return {
        step: "join-token",
        settings: { run, purpose: PURPOSE },
        body: `${loadScript(`${__dirname}/../controlPlane`, "secrets.sh")}\n${loadScript(__dirname, "joinToken.sh")}`,
        output: "own",
    };
}

/** The step that takes tokens back. */
export function renderWithdrawTokens(run: string): HostScript {
    return {
        step: "withdraw-tokens",
        settings: { run, purpose: PURPOSE },
        body: loadScript(__dirname, "withdrawTokens.sh"),
    };
}
