import { Option, type Command } from "commander";
import type { Duration } from "../../model/duration";
import { durationOption } from "./optionValues";

/** Options that every command about a cluster has. */
export interface ClusterOptions {
    readonly outputs?: string;
    readonly stack?: string;
    readonly cwd: string;
    readonly identity?: string;
    readonly kubeconfig?: string;
    readonly json: boolean;
    readonly timeout: Duration;
}

/** Adds them. @param timeout what `--timeout` means for this command, with its default */
export function addClusterOptions(
    command: Command,
    timeout: { readonly meaning: string; readonly value: string },
): Command {
    return command
        .addOption(
            new Option(
                "--outputs <file>",
                "read the cluster from a file made by `pulumi stack output --json`",
            ).conflicts("stack"),
        )
        .option("--stack <name>", "read the cluster from this Pulumi stack")
        .addOption(new Option("--cwd <dir>", "folder of the Pulumi project").default(process.cwd(), "this folder"))
        .option("--identity <file>", "SSH private key (default: the SSH agent)")
        .option(
            "--kubeconfig <file>",
            "kubeconfig (default: the stack's output when it shows secrets, else $KUBECONFIG)",
        )
        .option("--json", "print JSON for programs", false)
        .addOption(timeoutOption(timeout));
}

/** `--timeout` with a duration such as `10s` or `1m30s`. */
export function timeoutOption({ meaning, value }: { readonly meaning: string; readonly value: string }): Option {
    return durationOption("--timeout <duration>", meaning, value);
}
