import { existsSync } from "node:fs";
import path from "node:path";
import { privateKeyPath } from "../hosts";
import { runInteractive } from "../process";
import { labNetwork } from "../topology";
import { outputsPath } from "./cluster";
import { projectDirectory } from "./pulumi";
import { applicationHost } from "./workloadsConfig";

/** Whether an `up` of the lab has ended once, so that there is a cluster to ask. */
export function hasCluster(): boolean {
    return existsSync(outputsPath());
}

/** `quorate status` of the lab's cluster on this terminal. @returns its exit code: 0 healthy, 4 not */
export async function clusterStatus(): Promise<number> {
    return quorate("status");
}

/**
 * `quorate reboot` of the lab's hosts under 100 ingress requests a second to the reference application, beside reads, writes
 * and a watch of the API. @param options more of its options @returns its exit code
 */
export async function rebootCluster(options: readonly string[]): Promise<number> {
    const ingress = `http://${labNetwork.virtualAddress}/hostname`;
    const route = ["--ingress-host", applicationHost, "--ingress-path", "/hostname"];
    const measured = ["--probe-ingress", ingress, "--probe-ingress-host", applicationHost, "--probe-rate", "100"];
    const probe = options.includes("--no-probe") ? [] : measured;
    return quorate("reboot", ...route, ...probe, ...options);
}

/** The compiled program, on the lab's cluster and this terminal. */
async function quorate(command: string, ...options: readonly string[]): Promise<number> {
    const program = path.join(projectDirectory, "dist/maintenance/cli/main.js");
    const access = ["--outputs", outputsPath(), "--identity", privateKeyPath()];
    return runInteractive(process.execPath, [program, command, ...access, ...options]);
}
