import { constants } from "node:os";
import type { Client, ClientChannel } from "ssh2";
import { Operation } from "../protocol/resourcePlugin";
import { PropertyMap } from "../protocol/values";
import { CommandOutput, OutputCollector, OutputLines } from "./commandOutput";
import { connectionOf } from "./connection";
import { dial } from "./dial";
import { ownEnvironment, previousOutput } from "./previousOutput";
import { RefusedVariable, openSession } from "./sshExec";

function setenvRemark(key: string): string {
    return (
        `Unable to set '${key}'. This only works if your SSH server is configured to accept these variables via ` +
        "AcceptEnv. Alternatively, prefix the command itself with the variables in the form 'VAR=value command'."
    );
}

async function start(
    client: Client,
    script: string,
    properties: PropertyMap,
    lines: OutputLines,
    onStarted: (channel: ClientChannel) => void,
): Promise<void> {
    try {
        await openSession(client, {
            command: script,
            onStarted,
            required: ownEnvironment(properties),
            optional: previousOutput(properties),
            onRefused: (key) => lines.remark("warning", setenvRemark(key)),
        });
    } catch (error) {
        if (error instanceof RefusedVariable) lines.remark("error", setenvRemark(error.key));
        throw error;
    }
}

/** The protocol names signals without SIG; shells count them as statuses above 128. */
function exitedBySignal(signal: string): string {
    const name = signal.replace(/^SIG/, "");
    const number = constants.signals[`SIG${name}` as NodeJS.Signals] ?? 0;
    return `Process exited with status ${128 + number} from signal ${name}`;
}

/** Why a command failed, in the words of the SSH protocol's exit messages; undefined when it did not. */
function endReason(code: number | null | undefined, signal: string | undefined): string | undefined {
    if (signal) return exitedBySignal(signal);
    if (code === undefined || code === null) {
        return "wait: remote command exited without exit status or exit signal";
    }
    return code === 0 ? undefined : `Process exited with status ${code}`;
}

function finished(channel: ClientChannel, collector: OutputCollector): Promise<string | undefined> {
    return new Promise((resolve) => {
        let reason = endReason(undefined, undefined);
        channel.on("data", (piece: Buffer) => collector.write("stdout", piece));
        channel.stderr.on("data", (piece: Buffer) => collector.write("stderr", piece));
        channel.on("exit", (code: number | null, signal?: string) => (reason = endReason(code, signal)));
        channel.on("close", () => resolve(reason));
        channel.on("error", () => undefined);
    });
}

/** Asks the server to end the command, then drops the connection. */
function abortOf(client: Client, channel: ClientChannel): () => void {
    return () => {
        channel.signal("TERM");
        channel.close();
        client.end();
    };
}

/**
 * Runs a command on a host through an SSH connection of its own.
 * @throws when the host cannot be reached, a variable is refused, the command fails, or the operation is cancelled.
 */
export async function runRemote(
    operation: Operation,
    script: string,
    properties: PropertyMap,
    lines: OutputLines,
): Promise<CommandOutput> {
    const { signal } = operation;
    const client = await dial(connectionOf(properties), signal, (message) => lines.remark("status", message));
    try {
        const collector = new OutputCollector(lines);
        let abort = (): void => undefined;
        let end: Promise<string | undefined> | undefined;
        await start(client, script, properties, lines, (channel) => {
            end = finished(channel, collector);
            abort = abortOf(client, channel);
            signal.addEventListener("abort", abort);
            if (signal.aborted) abort();
            channel.end(properties["stdin"] ?? "");
        });
        const reason = await end;
        signal.removeEventListener("abort", abort);
        if (signal.aborted) throw collector.failure(signal.reason.message, script);
        if (reason !== undefined) throw collector.failure(reason, script);
        return collector.output();
    } finally {
        client.end();
    }
}
