import { Command } from "commander";
import { addClusterOptions } from "./commonOptions";
import type { Io } from "./io";
import { REBOOT_OPTIONS, RUN_OPTIONS, type RebootOptions } from "./rebootOptions";

/** `quorate reboot`: one host after the other, without anybody noticing, and measured. */
export function rebootCommand(io: Io): Command {
    const command = new Command("reboot")
        .summary("reboot hosts one after the other with no failed request")
        .description(
            "Reboots workers, control planes and load balancers, in this order, and checks before each host that the cluster can do without it.\nRefuses before anything is changed, with every reason at once (exit status 4). A run that stops is continued by `quorate resume` or taken back by `quorate abort`.",
        );
    addClusterOptions(command, { meaning: "longest wait for one answer", value: "10s" });
    [...REBOOT_OPTIONS, ...RUN_OPTIONS].forEach((option) => command.addOption(option));
    return command.action(async (options: RebootOptions) => {
        const { runReboot } = require("./runReboot") as typeof import("./runReboot");
        io.exit(await runReboot(options, io));
    });
}
