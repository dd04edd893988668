import { Duration } from "../../../model/duration";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import { errorLine } from "../../workflow/errorLine";
import { LockLostError } from "../../workflow/lockErrors";
import { until } from "../../workflow/until";

/** Tight, because every second of it is a second of the host's absence; each question is one or two requests. */
const INTERVAL = Duration.milliseconds(500);

interface Wait {
    /** As the end of "waited ... for". */
    readonly what: string;
    readonly deadline: Duration;
    /** What is still missing, in words. Failing to ask is one thing missing: servers come and go during a reboot. */
    missing(): Promise<readonly string[]>;
}

/** Waits until nothing is missing. @throws DeadlineError with what is, LockLostError at once */
export async function awaitNothingLeft({ ports, progress }: RebootScope, wait: Wait): Promise<void> {
    await until({
        what: wait.what,
        deadline: wait.deadline,
        interval: INTERVAL,
        clock: ports.clock,
        observe: () =>
            wait.missing().catch((error: unknown) => {
                if (error instanceof LockLostError) throw error;
                return [errorLine(error)];
            }),
        satisfied: (missing) => missing.length === 0,
        describe: (missing) => summary(missing),
        report: (line) => progress.report(line),
    });
}

const SHOWN = 5;

function summary(missing: readonly string[]): string {
    const rest = missing.length - SHOWN;
    return missing.slice(0, SHOWN).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
