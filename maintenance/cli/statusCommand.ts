import { Command } from "commander";
import type { Io } from "./io";
import { addClusterOptions, type ClusterOptions } from "./commonOptions";

/** `quorate status`: what the inventory says against what is live. Exit status 0 when healthy, 4 when not. */
export function statusCommand(io: Io): Command {
    const command = new Command("status")
        .summary("compare the cluster with its inventory")
        .description(
            "Asks hosts, etcd members, API servers, balancers and Kubernetes, and compares with the inventory.\nExits with 0 when the cluster is healthy and 4 when it is not.",
        );
    return addClusterOptions(command, { meaning: "longest wait for one answer", value: "6s" }).action(
        async (options: ClusterOptions) => {
            const { runStatus } = require("./runStatus") as typeof import("./runStatus");
            io.exit(await runStatus(options, io));
        },
    );
}
