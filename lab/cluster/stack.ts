import { readFile, writeFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import type { ClusterConfigInput } from "../../model/clusterConfig";
import { LabError } from "../errors";
import { privateKeyPath } from "../hosts";
import { pulumi, readStackConfig, stackConfigFile, stackName } from "./pulumi";

interface StackFile {
    encryptionsalt?: string;
    config?: Record<string, unknown>;
}

/** Makes the lab's stack where it is missing and writes its configuration; an unchanged file is left alone. */
export async function writeStack(cluster: ClusterConfigInput): Promise<void> {
    const listed = await pulumi(["stack", "select", stackName()]);
    if (listed.status !== 0) {
        await writeFile(stackConfigFile(), "");
        await expectSuccess(["stack", "init", stackName()]);
    }
    const before = await readStackConfig();
    const file = ((parse(before) as StackFile | null) ?? {}) satisfies StackFile;
    const config = { ...file.config, "quorate:layer": "cluster", "quorate:cluster": cluster };
    const text = stringify({ ...file, config }, { lineWidth: 0 });
    if (text !== before) await writeFile(stackConfigFile(), text);
    if (file.config?.["quorate:sshPrivateKey"] === undefined) {
        const key = await readFile(privateKeyPath(), "utf8");
        await expectSuccess(["config", "set", "--secret", "quorate:sshPrivateKey", "--stack", stackName()], key);
    }
}

/** The stack's outputs with secrets shown, as `quorate --outputs` reads them; empty before the first `up`. */
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
