import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { LabError, exitCode } from "./errors";

/** What a finished command left behind. */
export interface Finished {
    readonly status: number;
    readonly stdout: string;
    readonly stderr: string;
}

export interface RunOptions {
    /** Text written to the command's standard input; secrets go this way, never as arguments. */
    readonly input?: string;
    readonly cwd?: string;
    /** Added to this process's own environment. */
    readonly env?: NodeJS.ProcessEnv;
    /** Called with every line of output while the command runs. */
    readonly onLine?: (line: string) => void;
}

const running = new Set<ChildProcess>();
const tailLength = 12;

/** Runs a command to its end and returns its standard output. @throws LabError with the end of its output when it fails */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    const result = await finish(command, args, options);
    if (result.status !== 0) {
        const tail = (result.stderr || result.stdout).trimEnd().split("\n").slice(-tailLength).join("\n");
        throw new LabError(
            `${[command, ...args].join(" ").slice(0, 300)} ended with status ${result.status}:\n${tail}`,
        );
    }
    return result.stdout;
}

/** Runs a command to its end, whatever its status. @throws LabError when it cannot be started */
export function finish(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return new Promise((resolve, reject) => {
        throwIfStopping();
        const child = spawn(command, args, {
            cwd: options.cwd,
            env: { ...process.env, ...options.env },
            stdio: ["pipe", "pipe", "pipe"],
        });
        running.add(child);
        const stdout = collect(child.stdout, options.onLine);
        const stderr = collect(child.stderr, options.onLine);
        child.stdin.on("error", () => undefined);
        child.stdin.end(options.input ?? "");
        child.on("error", (error) => {
            running.delete(child);
            reject(new LabError(`cannot start ${command}: ${error.message}; is it installed and on PATH?`));
        });
        child.on("close", (code, signal) => {
            running.delete(child);
            resolve({ status: code ?? (signal ? 128 : 1), stdout: stdout(), stderr: stderr() });
        });
    });
}

/** Runs a command attached to this terminal and returns its exit status. */
export function runInteractive(command: string, args: readonly string[]): Promise<number> {
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { stdio: "inherit" });
        child.on("error", (error) => reject(new LabError(`cannot start ${command}: ${error.message}`)));
        child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
    });
}

const killAfterMs = 2_000;
let stopping = false;

/** Ends every command that {@link run} still waits for and lets no other start. Used when the person interrupts. */
export function stopRunningCommands(): void {
    stopping = true;
    for (const child of running) {
        child.kill("SIGTERM");
        setTimeout(() => child.kill("SIGKILL"), killAfterMs).unref();
    }
}

/** Ends work that waits for something else than a command. @throws LabError once the person has interrupted */
export function throwIfStopping(): void {
    if (stopping) throw new LabError("interrupted", exitCode.interrupted);
}

function collect(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): () => string {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    if (onLine) createInterface({ input: stream }).on("line", onLine);
    return () => Buffer.concat(chunks).toString("utf8");
}
