import { Command } from "commander";
import { addClusterOptions, type ClusterOptions } from "./commonOptions";
import type { Io } from "./io";

export interface UnlockOptions extends ClusterOptions {
    readonly run: string;
}

/** `quorate unlock`: takes the lock from a run whose machine is gone. */
export function unlockCommand(io: Io): Command {
    const command = new Command("unlock")
        .summary("take the lock from a run that is gone for good")
        .description(
            "Takes the lock only, and only when its holder has been silent for a while. Prefer `quorate abort` where the run began: it puts the hosts back, too.",
        );
    addClusterOptions(command, { meaning: "longest wait for one answer", value: "10s" });
    return command
        .requiredOption("--run <id>", "the run that holds it, as a refusal names it")
        .action(async (options: UnlockOptions) => {
            const { runUnlock } = require("./runUnlock") as typeof import("./runUnlock");
            io.exit(await runUnlock(options, io));
        });
}
