import { abortRun } from "../actions/reboot/rebootRun";
import { exitCodeOf } from "./carryOut";
import { execute } from "./execution";
import { EXIT } from "./exitCodes";
import type { Io } from "./io";
import { withOpenRun } from "./openRun";
import type { ContinueOptions } from "./rebootOptions";

/** Puts back what a run has changed and returns the exit status. @throws ConfigError, LockHeldError, TurnFailed */
export function runAbort(options: ContinueOptions, io: Io): Promise<number> {
    return withOpenRun(options, io, async (execution) => {
        const executed = await execute(execution, async (run) => {
            const { finished, putBack } = await abortRun(run);
            const done = [
                ...putBack.map((host) => `${host} is as it was`),
                ...finished.map((host) => `${host} had to reboot and is back`),
            ];
            const text = `run ${run.runId} is over; ${done.join("; ") || "nothing had to be put back"}`;
            return { state: "stopped", text, exitCode: EXIT.ok };
        });
        return exitCodeOf(executed, execution);
    });
}
