import { writeFile } from "node:fs/promises";
import type { ClusterConfigInput } from "../../model/clusterConfig";
import type { WorkloadsConfigInput } from "../../model/workloadsConfig";
import { LabError } from "../errors";
import { statePath } from "../settings";
import { kubeconfigPath } from "../environment";
import { pulumiAttached, stackName, workloadsStackName } from "./pulumi";
import { stackOutputs, writeClusterStack, writeWorkloadsStack } from "./stack";

/** The stack's outputs, secrets shown: what `quorate --outputs` reads. */
export const outputsPath = () => statePath("outputs.json");

/**
 * Brings the lab's cluster to the given configuration through the real Pulumi engine and leaves its kubeconfig and outputs
 * in the lab's folder, readable by root only.
 * @throws LabError when `pulumi up` fails; it has said why itself
 */
export async function bringUp(cluster: ClusterConfigInput): Promise<void> {
    await writeClusterStack(cluster);
    await pulumiUp(stackName());
    await saveOutputs();
}

/** The same for what stands on the cluster: its ingress and the reference application. */
export async function bringUpWorkloads(workloads: WorkloadsConfigInput): Promise<void> {
    await writeWorkloadsStack(workloads);
    await pulumiUp(workloadsStackName());
}

async function pulumiUp(stack: string): Promise<void> {
    const status = await pulumiAttached(["up", "--yes", "--skip-preview", "--stack", stack, "--non-interactive"]);
    if (status !== 0) throw new LabError(`pulumi up of ${stack} ended with status ${status}; its messages are above`);
}

/** Writes kubeconfig and outputs of the last `up`. */
export async function saveOutputs(): Promise<void> {
    const outputs = await stackOutputs();
    await writeFile(outputsPath(), outputs, { mode: 0o600 });
    const { kubeconfig } = JSON.parse(outputs) as { kubeconfig?: string };
    if (kubeconfig !== undefined) await writeFile(kubeconfigPath(), kubeconfig, { mode: 0o600 });
}
