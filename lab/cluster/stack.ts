import { readFile, writeFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import type { ClusterConfigInput } from "../../model/clusterConfig";
import type { WorkloadsConfigInput } from "../../model/workloadsConfig";
import { LabError } from "../errors";
import { privateKeyPath } from "../hosts";
import { pulumi, readStackConfig, stackConfigFile, stackName, workloadsStackName } from "./pulumi";

interface StackFile {
    encryptionsalt?: string;
    config?: Record<string, unknown>;
}

/** Makes the cluster's stack where it is missing and writes its configuration; an unchanged file is left alone. */
export async function writeClusterStack(cluster: ClusterConfigInput): Promise<void> {
    const before = await writeStack(stackName(), { "quorate:layer": "cluster", "quorate:cluster": cluster });
    if (before["quorate:sshPrivateKey"] !== undefined) return;
    const key = await readFile(privateKeyPath(), "utf8");
    await expectSuccess(["config", "set", "--secret", "quorate:sshPrivateKey", "--stack", stackName()], key);
}

/** The same for the stack of what stands on the cluster. */
export async function writeWorkloadsStack(workloads: WorkloadsConfigInput): Promise<void> {
    await writeStack(workloadsStackName(), { "quorate:layer": "workloads", "quorate:workloads": workloads });
}

/** @returns the configuration that the file had */
async function writeStack(stack: string, settings: Record<string, unknown>): Promise<Record<string, unknown>> {
    const file = stackConfigFile(stack);
    const listed = await pulumi(["stack", "select", stack]);
    if (listed.status !== 0) {
        await writeFile(file, "");
        await expectSuccess(["stack", "init", stack]);
    }
    const before = await readStackConfig(stack);
    const content = ((parse(before) as StackFile | null) ?? {}) satisfies StackFile;
    const text = stringify({ ...content, config: { ...content.config, ...settings } }, { lineWidth: 0 });
    if (text !== before) await writeFile(file, text);
    return content.config ?? {};
}

/** Forgets a stack whose hosts are gone; a lock that an interrupted run left behind goes first. */
export async function removeStack(stack: string): Promise<void> {
    const selected = await pulumi(["stack", "select", stack]);
    if (selected.status !== 0) return;
    await pulumi(["cancel", "--stack", stack, "--yes"]);
    await expectSuccess(["stack", "rm", "--force", "--stack", stack, "--yes"]);
}

/** The cluster stack's outputs with secrets shown, as `quorate --outputs` reads them; empty before the first `up`. */
export async function stackOutputs(): Promise<string> {
    return expectSuccess(["stack", "output", "--json", "--show-secrets", "--stack", stackName()]);
}

async function expectSuccess(args: readonly string[], input?: string): Promise<string> {
    const result = await pulumi(args, input === undefined ? {} : { input });
    if (result.status === 0) return result.stdout;
    throw new LabError(
        `pulumi ${args.slice(0, 3).join(" ")} ended with status ${result.status}:\n${result.stderr || result.stdout}`,
    );
}
