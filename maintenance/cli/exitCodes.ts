import { CommanderError } from "commander";
import { ConfigError } from "../../model/configError";
import { InterruptedError } from "../workflow/interruptedError";
import { LockHeldError, LockLostError } from "../workflow/lockErrors";
import { RefusedError } from "../workflow/refusedError";

/** Exit statuses of `quorate`; `quorate probe` has its own (runProbe.ts). */
export const EXIT = {
    ok: 0,
    failed: 1,
    /** Wrong options or configuration. */
    usage: 2,
    /** Not healthy, or refused; nothing is left half done. */
    unhealthy: 4,
    /** Done, and more requests failed than allowed, or for longer, or nobody knows how many. */
    overBudget: 5,
    /** Another run is at work on the cluster. */
    locked: 75,
    interrupted: 130,
} as const;

/** The one place where errors become exit statuses. */
export function exitCodeOf(error: unknown): number {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof ConfigError) return EXIT.usage;
    if (error instanceof RefusedError) return EXIT.unhealthy;
    if (error instanceof InterruptedError) return EXIT.interrupted;
    if (error instanceof LockHeldError || error instanceof LockLostError) return EXIT.locked;
    return EXIT.failed;
}

/** What the person is told about an error; nothing for what commander has already printed. */
export function messageOf(error: unknown): string | undefined {
    if (error instanceof CommanderError) return undefined;
    return `quorate: ${error instanceof Error ? error.message : String(error)}`;
}
