import { Command } from "commander";
import type { Duration } from "../../model/duration";
import { timeoutOption } from "./commonOptions";
import type { Io } from "./io";

/** `quorate leave`, run by the stack when a host leaves the configuration or the cluster is destroyed. */
export function leaveCommand(io: Io): Command {
    return new Command("leave")
        .description(
            "Takes a host out of its cluster. Run by `pulumi up` and `pulumi destroy`; reads its request on standard input.",
        )
        .addOption(timeoutOption({ meaning: "longest drain", value: "5m" }))
        .action(async (options: { timeout: Duration }) => {
            const { runLeave } = require("./runLeave") as typeof import("./runLeave");
            await runLeave(options, io);
        });
}
