import type { Duration } from "../../model/duration";
import { RefusedError } from "./refusedError";

/** One step of an action. Phases are data: listed, printed and tested in the order in which they run. */
export interface Phase<Scope> {
    /** Short and stable, for example `drain`. */
    readonly name: string;
    /** What it does to whom, in words for the person who watches. */
    title(scope: Scope): string;
    /** Left out: always. */
    shouldRun?(scope: Scope): boolean;
    /** How long it waits at most, for the person who watches; the phase itself keeps to it. */
    deadline?(scope: Scope): Duration;
    /** Idempotent: running it again after an interruption finishes what is left. */
    run(scope: Scope): Promise<void>;
    /** Puts back what `run` has changed, as it was found, when a later phase refuses to go on. */
    undo?(scope: Scope): Promise<void>;
}

/**
 * Runs phases in order and reports each title before its phase; the first failure ends the action. A refusal first undoes
 * what ran, last phase first; any other failure leaves things for the next run to finish.
 */
export async function runPhases<Scope>(
    phases: readonly Phase<Scope>[],
    scope: Scope,
    report: (line: string) => void,
): Promise<void> {
    const done: Phase<Scope>[] = [];
    for (const phase of phases) {
        if (phase.shouldRun && !phase.shouldRun(scope)) continue;
        report(phase.title(scope));
        try {
            await phase.run(scope);
        } catch (error) {
            if (error instanceof RefusedError) await undo(done, scope);
            throw error;
        }
        done.push(phase);
    }
}

async function undo<Scope>(done: readonly Phase<Scope>[], scope: Scope): Promise<void> {
    for (const phase of [...done].reverse()) await phase.undo?.(scope);
}
