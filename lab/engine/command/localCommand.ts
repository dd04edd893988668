import { ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { Operation } from "../protocol/resourcePlugin";
import { PropertyMap } from "../protocol/values";
import { CommandOutput, OutputCollector, OutputLines } from "./commandOutput";
import { ownEnvironment, previousOutput } from "./previousOutput";

/** How long a cancelled command has to end by itself, in milliseconds. */
const graceAfterCancel = 3_000;

/** Ends the command with everything it started: it leads a process group of its own. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
    try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
        // The group has ended by itself.
    }
}

function start(script: string, properties: PropertyMap): ChildProcess {
    const interpreter = properties["interpreter"] as string[] | undefined;
    const [program = "/bin/sh", ...args] = interpreter?.length ? interpreter : ["/bin/sh", "-c"];
    return spawn(program, [...args, script], {
        cwd: (properties["dir"] as string | undefined) ?? process.cwd(),
        env: { ...process.env, ...ownEnvironment(properties), ...previousOutput(properties) },
        stdio: [properties["stdin"] ? "pipe" : "ignore", "pipe", "pipe"],
        detached: true,
    });
}

function endReason(code: number | null, signal: NodeJS.Signals | null): string | undefined {
    if (signal !== null) return `signal: ${signal} (${constants.signals[signal]})`;
    return code === 0 ? undefined : `exit status ${code}`;
}

function abortWith(child: ChildProcess): () => void {
    return () => {
        killGroup(child, "SIGTERM");
        setTimeout(() => killGroup(child, "SIGKILL"), graceAfterCancel).unref();
    };
}

/**
 * Runs a command on this machine, in the plugin's folder unless `dir` says otherwise.
 * @throws when it cannot start, exits with a code other than 0, or is cancelled: it is then ended with its children.
 */
export function runLocal(
    operation: Operation,
    script: string,
    properties: PropertyMap,
    lines: OutputLines,
): Promise<CommandOutput> {
    return new Promise((resolve, reject) => {
        operation.signal.throwIfAborted();
        const child = start(script, properties);
        const collector = new OutputCollector(lines);
        const abort = abortWith(child);
        const killAtExit = (): void => killGroup(child, "SIGKILL");
        operation.signal.addEventListener("abort", abort);
        process.once("exit", killAtExit);
        const done = (reason: string | undefined): void => {
            operation.signal.removeEventListener("abort", abort);
            process.removeListener("exit", killAtExit);
            if (operation.signal.aborted) reject(collector.failure(operation.signal.reason.message, script));
            else if (reason !== undefined) reject(collector.failure(reason, script));
            else resolve(collector.output());
        };
        child.stdout?.on("data", (piece: Buffer) => collector.write("stdout", piece));
        child.stderr?.on("data", (piece: Buffer) => collector.write("stderr", piece));
        child.on("error", (error) => done(error.message));
        child.on("close", (code, signal) => done(endReason(code, signal)));
        // A command that does not read its input closes it early: that is its own business.
        child.stdin?.on("error", () => undefined).end(properties["stdin"]);
    });
}
