import { carryOut } from "./carryOut";
import type { Io } from "./io";
import { withOpenRun } from "./openRun";
import type { ContinueOptions } from "./rebootOptions";

/** Goes on with a run and returns the exit status. @throws ConfigError, LockHeldError */
export function runResume(options: ContinueOptions, io: Io): Promise<number> {
    return withOpenRun(options, io, carryOut);
}
