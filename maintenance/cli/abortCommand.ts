import { Command } from "commander";
import { addClusterOptions } from "./commonOptions";
import type { Io } from "./io";
import { RUN_ID_OPTION, RUN_OPTIONS, type ContinueOptions } from "./rebootOptions";

/** `quorate abort`: puts back exactly what a run has changed. */
export function abortCommand(io: Io): Command {
    const command = new Command("abort")
        .summary("put back what an interrupted run has changed")
        .description(
            "Puts back hosts that were being taken out. A host that has been told to reboot is brought all the way back instead.",
        );
    addClusterOptions(command, { meaning: "longest wait for one answer", value: "10s" });
    [RUN_ID_OPTION, ...RUN_OPTIONS].forEach((option) => command.addOption(option));
    return command.action(async (options: ContinueOptions) => {
        const { runAbort } = require("./runAbort") as typeof import("./runAbort");
        io.exit(await runAbort(options, io));
    });
}
