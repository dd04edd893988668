import { readFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { ConfigError } from "../../model/configError";
import type { KubeconfigSource } from "../ports/kubeconfig";
import { privateKeyProblem, type SshIdentity } from "../ports/sshDial";
import type { OutputsSource, StackOutputs } from "../ports/stackOutputs";
import type { ClusterOptions } from "./commonOptions";

/** Where the options say that the cluster's description is. @throws ConfigError when they say nothing */
export function outputsSource(options: ClusterOptions): OutputsSource {
    if (options.outputs !== undefined) return { kind: "file", path: options.outputs };
    if (options.stack !== undefined) {
        return { kind: "stack", stack: options.stack, cwd: options.cwd, showSecrets: options.kubeconfig === undefined };
    }
    throw new ConfigError("command line", [
        {
            path: "--outputs or --stack",
            message: "one is needed; write --outputs FILE (from `pulumi stack output --json`) or --stack NAME",
        },
    ]);
}

/** The key file, or the agent. The private key in the stack is never used. @throws ConfigError when there is neither */
export function sshIdentity(options: ClusterOptions, environment: NodeJS.ProcessEnv): SshIdentity {
    if (options.identity !== undefined) return { privateKey: privateKey(options.identity) };
    const agentSocket = environment.SSH_AUTH_SOCK;
    if (agentSocket) return { agentSocket };
    throw new ConfigError("command line", [
        {
            path: "--identity",
            message:
                "no SSH key: no agent is running (SSH_AUTH_SOCK is empty); write --identity FILE or start an agent",
        },
    ]);
}

/** `--kubeconfig`, else the stack's own, else the first file of `$KUBECONFIG`. @throws ConfigError when there is none */
export function kubeconfigSource(
    options: ClusterOptions,
    outputs: StackOutputs,
    environment: NodeJS.ProcessEnv,
): KubeconfigSource {
    if (options.kubeconfig !== undefined) return file(options.kubeconfig, "--kubeconfig");
    if (outputs.kubeconfig !== undefined) return { subject: "stack output kubeconfig", text: outputs.kubeconfig };
    const [first] = (environment.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
    if (first !== undefined) return file(first, "$KUBECONFIG");
    throw new ConfigError("command line", [
        {
            path: "--kubeconfig",
            message:
                "no kubeconfig: the outputs hide theirs; write --kubeconfig FILE, or make the outputs with --show-secrets",
        },
    ]);
}

function privateKey(path: string): string {
    const text = read(path, "--identity");
    const problem = privateKeyProblem(text);
    if (problem === undefined) return text;
    throw new ConfigError("command line", [
        {
            path: `--identity ${path}`,
            message: `${problem}; write a private key without passphrase, or load it into the SSH agent`,
        },
    ]);
}

function file(path: string, option: string): KubeconfigSource {
    return { subject: `${option} ${path}`, text: read(path, option), directory: dirname(path) };
}

function read(path: string, option: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        throw new ConfigError("command line", [
            {
                path: `${option} ${path}`,
                message: `cannot be read: ${(error as Error).message}; write the path of a readable file`,
            },
        ]);
    }
}
