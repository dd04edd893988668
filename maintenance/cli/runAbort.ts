import { abortRun, type RebootRun } from "../actions/reboot/rebootRun";
import { exitCodeOf, seeTo } from "./carryOut";
import { execute, type Ended, type Execution } from "./execution";
import { EXIT } from "./exitCodes";
import type { Io } from "./io";
import { withOpenRun } from "./openRun";
import type { ContinueOptions } from "./rebootOptions";

/** Puts back what a run has changed and returns the exit status. @throws ConfigError, LockHeldError, LockLostError */
export function runAbort(options: ContinueOptions, io: Io): Promise<number> {
    return withOpenRun(options, io, takeBack);
}

/** The same for a run that is open. @throws Error that says what to do when a host is stuck */
export async function takeBack(execution: Execution): Promise<number> {
    try {
        return await exitCodeOf(await execute(execution, endOf), execution);
    } catch (error) {
        throw seeTo(error, execution, "the run keeps its lock", "run `quorate abort` again");
    }
}

async function endOf(run: RebootRun): Promise<Ended> {
    const { finished, putBack } = await abortRun(run);
    const done = [
        ...putBack.map((host) => `${host} is as it was`),
        ...finished.map((host) => `${host} had to reboot and is back`),
    ];
    const text = `run ${run.runId} is over; ${done.join("; ") || "nothing had to be put back"}`;
    return { state: "stopped", text, exitCode: EXIT.ok };
}
