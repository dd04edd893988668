import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { privateKeyPath } from "../hosts";
import { exitCode } from "../errors";
import { finish, runInteractive, throwIfStopping } from "../process";
import { labNetwork } from "../topology";
import { outputsPath } from "./cluster";
import { projectDirectory } from "./pulumi";
import { applicationHost } from "./workloadsConfig";

const PAUSE_MS = 1_000;

/** Whether an `up` of the lab has ended once, so that there is a cluster to ask. */
export function hasCluster(): boolean {
    return existsSync(outputsPath());
}

/** `quorate status` of the lab's cluster on this terminal. @returns its exit code: 0 healthy, 4 not */
export async function clusterStatus(): Promise<number> {
    return quorate("status");
}

/**
 * Waits until `quorate status` finds the cluster healthy, or `deadlineMs` is over: balancers, for example, use a new ingress proxy
 * only after two of their checks.
 */
export async function awaitHealthy(deadlineMs: number): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    for (;;) {
        const { status } = await finish(process.execPath, quorateWords("status"));
        if (status === exitCode.ok || Date.now() >= deadline) return;
        throwIfStopping();
        await setTimeout(PAUSE_MS);
    }
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
    return runInteractive(process.execPath, quorateWords(command, ...options));
}

function quorateWords(command: string, ...options: readonly string[]): string[] {
    const program = path.join(projectDirectory, "dist/maintenance/cli/main.js");
    return [program, command, "--outputs", outputsPath(), "--identity", privateKeyPath(), ...options];
}
