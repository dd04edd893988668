import type { Readable, Writable } from "node:stream";

/**
 * Whether `pulumi plugin run` has started this process: it sets a variable for its tools (Pulumi 3.250,
 * pkg/cmd/pulumi/plugin/plugin_run.go). Takes it away, because what this process starts is not meant.
 */
export function startedByPulumi(environment: NodeJS.ProcessEnv): boolean {
    const started = environment["PULUMI_RPC_TARGET"] !== undefined;
    delete environment["PULUMI_RPC_TARGET"];
    return started;
}

/**
 * Calls back once Pulumi is gone. It passes no signal on, and its tool, in a process group of its own, gets none from the
 * terminal either: at Ctrl-C Pulumi ends at once, and with it the tool's standard input. What is printed from then on is
 * lost, and must not end what still has to be put back.
 */
export function whenPulumiIsGone(
    gone: () => void,
    { stdin, stdout, stderr }: { readonly stdin: Readable; readonly stdout: Writable; readonly stderr: Writable },
): void {
    for (const stream of [stdout, stderr]) stream.on("error", () => undefined);
    stdin.once("end", gone).resume();
}
