import { type Command, CommanderError, InvalidArgumentError } from "commander";
import { LabError, exitCode } from "../lab/errors";
import { handleInterrupts } from "../lab/interrupts";

/** Runs a comparison's command line to its end, clean interrupts included. @returns its exit status */
export async function runComparison(program: Command): Promise<number> {
    const interrupts = handleInterrupts();
    try {
        await program.exitOverride().parseAsync();
        return exitCode.ok;
    } catch (error) {
        return interrupts.happened() ? exitCode.interrupted : report(error);
    }
}

/** A number of rounds. @throws InvalidArgumentError */
export function roundCount(text: string): number {
    const rounds = Number(text);
    if (Number.isSafeInteger(rounds) && rounds > 0) return rounds;
    throw new InvalidArgumentError("expected a whole number, 1 or more.");
}

function report(error: unknown): number {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    const { message, stack } = error as Error;
    process.stderr.write(`bench: ${error instanceof LabError ? message : (stack ?? String(error))}\n`);
    return error instanceof LabError ? error.exitStatus : exitCode.failed;
}
