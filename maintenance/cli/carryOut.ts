import { rebootRun, type RebootOutcome } from "../actions/reboot/rebootRun";
import { TurnFailed } from "../actions/reboot/rebootTurn";
import { errorLine } from "../workflow/errorLine";
import { LockLostError } from "../workflow/lockErrors";
import { hostsIn } from "../workflow/runState";
import { execute, type Ended, type Executed, type Execution } from "./execution";
import { EXIT } from "./exitCodes";

const EXIT_OF: Readonly<Record<RebootOutcome["kind"], number>> = {
    finished: EXIT.ok,
    refused: EXIT.unhealthy,
    "window-closed": EXIT.unhealthy,
    interrupted: EXIT.interrupted,
};

/** Runs what is left of a plan and returns the exit status. @throws Error that says what to do when a host is stuck */
export async function carryOut(execution: Execution): Promise<number> {
    try {
        return await exitCodeOf(await execute(execution, async (run) => endOf(await rebootRun(run))), execution);
    } catch (error) {
        const kept = "no other host was touched after it; the run keeps its lock";
        throw seeTo(error, execution, kept, "run `quorate resume`, or `quorate abort` to put everything back");
    }
}

function endOf(outcome: RebootOutcome): Ended {
    const exitCode = EXIT_OF[outcome.kind];
    if (outcome.kind === "finished") {
        const skipped = outcome.skipped.length === 0 ? "" : `; left out: ${outcome.skipped.join(", ")}`;
        const text = `all hosts of the plan are rebooted${skipped}`;
        if (outcome.unwell === "") return { state: "finished", text, exitCode };
        const unwell = `; the cluster is not well after them: ${outcome.unwell}; look at \`quorate status\``;
        return { state: "finished", text: text + unwell, exitCode: EXIT.unhealthy };
    }
    const state = outcome.kind === "refused" ? "refused" : "stopped";
    const text = `${outcome.why}; nothing is left half done; not rebooted: ${outcome.left.join(", ")}; \`quorate resume\` goes on`;
    return { state, text, exitCode };
}

/** What the prober says counts when the work itself was done. */
export async function exitCodeOf({ exitCode, measured }: Executed, { io, options }: Execution): Promise<number> {
    if (measured === undefined) return exitCode;
    const { report } = measured;
    if (!options.json) io.stdout.write(measured.summary);
    io.stderr.write(`quorate: the report is ${report}\n`);
    if (measured.code === 0) return exitCode;
    const why =
        measured.code === 1
            ? "more requests failed, or for longer, than the budget allows"
            : "the measurement proves nothing";
    io.stderr.write(`quorate: ${why}; see ${report}\n`);
    return exitCode === EXIT.ok ? EXIT.overBudget : exitCode;
}

/**
 * What the person has to know of a run that may have left something behind, and therefore keeps its lock.
 * @param kept what holds now
 * @param next what to do when the hosts are seen to
 */
export function seeTo(error: unknown, { journal, runId }: Execution, kept: string, next: string): unknown {
    if (error instanceof LockLostError || journal.entries.at(-1)?.kind === "end") return error;
    const left = error instanceof TurnFailed ? [error.host] : hostsIn(journal.entries, ["away", "back"]);
    const names = left.join(", ");
    const [before, after] =
        left.length === 0
            ? ["", ""]
            : [
                  `see to ${names}, then `,
                  `; when ${names} is gone for good, take it out of the configuration with \`pulumi up\` before that, or free the lock with \`quorate unlock --run ${runId}\` and put the rest back by hand`,
              ];
    return new Error(`${errorLine(error)}; ${kept}: ${before}${next}${after}`, { cause: error });
}
