import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { LabError, exitCode } from "../../lab/errors";

/** What a program left behind. */
export interface Ended {
    readonly status: number;
    readonly stdout: string;
    readonly stderr: string;
}

export interface ProgramOptions {
    /** Written to its standard input. */
    readonly input?: string;
    /** Asks it to end with SIGINT, once; it may still take its time to put things back. */
    readonly stop?: AbortSignal;
    readonly onStdoutLine?: (line: string) => void;
    readonly onStderrLine?: (line: string) => void;
}

/**
 * Runs a program to its end, whatever its status. A Ctrl-C at the terminal does not reach it: only `stop` does, and the end of
 * this process.
 * @throws LabError when it cannot be started, or was stopped before its start
 */
export function runProgram(command: string, args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
    const { input = "", stop, onStdoutLine, onStderrLine } = options;
    return new Promise((resolve, reject) => {
        if (stop?.aborted) return reject(new LabError("interrupted", exitCode.interrupted));
        const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
        const interrupt = (): void => void child.kill("SIGINT");
        const end = (): void => void child.kill("SIGTERM");
        const forget = (): void => {
            stop?.removeEventListener("abort", interrupt);
            process.off("exit", end);
        };
        stop?.addEventListener("abort", interrupt);
        process.on("exit", end);
        const stdout = collect(child.stdout, onStdoutLine);
        const stderr = collect(child.stderr, onStderrLine);
        child.stdin.on("error", () => undefined);
        child.stdin.end(input);
        child.on("error", (error) => {
            forget();
            reject(new LabError(`cannot start ${command}: ${error.message}`));
        });
        child.on("close", (code, signal) => {
            forget();
            resolve({ status: code ?? (signal === null ? 1 : 128), stdout: stdout(), stderr: stderr() });
        });
    });
}

function collect(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): () => string {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    if (onLine !== undefined) createInterface({ input: stream }).on("line", onLine);
    return () => Buffer.concat(chunks).toString("utf8");
}
