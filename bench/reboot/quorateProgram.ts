import path from "node:path";
import { outputsPath } from "../../lab/cluster/cluster";
import { projectDirectory } from "../../lab/cluster/pulumi";
import { applicationHost } from "../../lab/cluster/workloadsConfig";
import { LabError } from "../../lab/errors";
import { privateKeyPath } from "../../lab/hosts";
import { EXIT } from "../../maintenance/cli/exitCodes";
import { tail } from "../../maintenance/ports/remote";
import type { EventLog } from "./eventLog";
import { type Ended, type ProgramOptions, runProgram } from "./runProgram";

/** Statuses of `quorate reboot` after which nothing is left half done and the lock is free. */
const NOTHING_LEFT: readonly number[] = [EXIT.ok, EXIT.usage, EXIT.unhealthy, EXIT.locked, EXIT.interrupted];

const ERROR_LINES = 12;

/** A command of quorate with its options; returns its end, whatever the status. */
export type Quorate = (command: string, args: readonly string[], options?: ProgramOptions) => Promise<Ended>;

/** Runs the compiled `quorate` on the lab's cluster. */
export const quorate: Quorate = (command, args, options = {}) => {
    const program = path.join(projectDirectory, "dist/maintenance/cli/main.js");
    const access = ["--outputs", outputsPath(), "--identity", privateKeyPath()];
    return runProgram(process.execPath, [program, command, ...access, ...args], options);
};

/** A reboot by quorate. */
export interface QuorateReboot {
    readonly run: Quorate;
    /** Gets the run's events. */
    readonly log: EventLog;
    readonly stop: AbortSignal;
    /** Told of what the run says. */
    readonly detail: (line: string) => void;
}

/**
 * `quorate reboot` of all hosts; its events go to the log. Its own prober stays out: the bench measures every way alike. What
 * it leaves half done is put back.
 * @throws LabError with the end of its output when it does not exit with 0
 */
export async function quorateReboot({ run, log, stop, detail }: QuorateReboot): Promise<void> {
    const route = ["--ingress-host", applicationHost, "--ingress-path", "/hostname"];
    const { status, stderr } = await run("reboot", ["--no-probe", "--json", ...route], {
        stop,
        onStdoutLine: (line) => log.copy(line),
        onStderrLine: detail,
    });
    if (status === EXIT.ok) return;
    const failure = `quorate reboot ended with status ${status}; expected 0:\n${tail(stderr, ERROR_LINES)}`;
    if (NOTHING_LEFT.includes(status)) throw new LabError(failure);
    const aborted = await run("abort", ["--no-probe"]);
    const after = aborted.status === EXIT.ok ? "it was aborted" : `quorate abort: ${tail(aborted.stderr)}`;
    throw new LabError(`${failure}\n${after}`);
}
