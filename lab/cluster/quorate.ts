import { existsSync } from "node:fs";
import path from "node:path";
import { privateKeyPath } from "../hosts";
import { runInteractive } from "../process";
import { outputsPath } from "./cluster";
import { projectDirectory } from "./pulumi";

/** Whether an `up` of the lab has ended once, so that there is a cluster to ask. */
export function hasCluster(): boolean {
    return existsSync(outputsPath());
}

/** `quorate status` of the lab's cluster on this terminal. @returns its exit code: 0 healthy, 4 not */
export async function clusterStatus(): Promise<number> {
    const program = path.join(projectDirectory, "dist/maintenance/cli/main.js");
    return runInteractive(process.execPath, [
        program,
        "status",
        "--outputs",
        outputsPath(),
        "--identity",
        privateKeyPath(),
    ]);
}
