import { Command } from "commander";
import { addClusterOptions } from "./commonOptions";
import type { Io } from "./io";
import { RUN_ID_OPTION, RUN_OPTIONS, type ContinueOptions } from "./rebootOptions";

/** `quorate resume`: goes on with a run of this machine that was killed or has stopped. */
export function resumeCommand(io: Io): Command {
    const command = new Command("resume")
        .summary("go on with a run that was interrupted")
        .description("Goes on at the same host, with the plan and the settings that the run began with.");
    addClusterOptions(command, { meaning: "longest wait for one answer", value: "10s" });
    [RUN_ID_OPTION, ...RUN_OPTIONS].forEach((option) => command.addOption(option));
    return command.action(async (options: ContinueOptions) => {
        const { runResume } = require("./runResume") as typeof import("./runResume");
        io.exit(await runResume(options, io));
    });
}
