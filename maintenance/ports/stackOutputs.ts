import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { z } from "zod";
import { ConfigError } from "../../model/configError";
import { parseInventory, type ClusterInventory } from "../../model/inventory";

/** What a stack hands to `quorate`. */
export interface StackOutputs {
    readonly inventory: ClusterInventory;
    /** The admin kubeconfig, when it was made with `--show-secrets`. */
    readonly kubeconfig: string | undefined;
}

/** Where the outputs come from. */
export type OutputsSource =
    | { readonly kind: "file"; readonly path: string }
    | { readonly kind: "stack"; readonly stack: string; readonly cwd: string; readonly showSecrets: boolean };

/** What Pulumi writes in place of a secret. */
const MASKED = "[secret]";

const outputsSchema = z.object({ inventory: z.unknown().optional(), kubeconfig: z.string().optional() });

/** @throws ConfigError when the outputs cannot be had or hold no inventory of this version */
export async function readStackOutputs(source: OutputsSource): Promise<StackOutputs> {
    if (source.kind === "file") return parseOutputs(readFile(source.path), `--outputs ${source.path}`);
    return parseOutputs(await askPulumi(source), `outputs of stack ${source.stack}`);
}

/** Reads what `pulumi stack output --json` prints. @throws ConfigError */
export function parseOutputs(text: string, subject: string): StackOutputs {
    const { inventory, kubeconfig } = readJson(text, subject);
    if (inventory === undefined) {
        throw configError(
            subject,
            "inventory",
            "is missing; expected the outputs of a quorate cluster stack that is up",
        );
    }
    return {
        inventory: parseInventory(inventory, subject),
        kubeconfig: kubeconfig === undefined || kubeconfig === MASKED || kubeconfig === "" ? undefined : kubeconfig,
    };
}

function readJson(text: string, subject: string): z.output<typeof outputsSchema> {
    try {
        return outputsSchema.parse(JSON.parse(text));
    } catch {
        throw configError(subject, "(whole)", "is not the JSON that `pulumi stack output --json` prints; make it anew");
    }
}

function readFile(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        throw configError(
            `--outputs ${path}`,
            "(file)",
            `cannot be read: ${(error as Error).message}; make it with \`pulumi stack output --json\``,
        );
    }
}

type StackSource = Extract<OutputsSource, { kind: "stack" }>;

/** Without the secrets' passphrase the outputs still come, with the kubeconfig masked. */
async function askPulumi(source: StackSource): Promise<string> {
    if (source.showSecrets) {
        try {
            return await stackOutput(source, ["--show-secrets"]);
        } catch {
            return askPulumi({ ...source, showSecrets: false });
        }
    }
    try {
        return await stackOutput(source, []);
    } catch (error) {
        const { stderr, message } = error as Error & { stderr?: string };
        throw configError(
            `--stack ${source.stack}`,
            "--cwd",
            `pulumi in ${source.cwd} says: ${(stderr || message).trim()}`,
        );
    }
}

async function stackOutput({ stack, cwd }: StackSource, flags: readonly string[]): Promise<string> {
    const args = ["stack", "output", "--json", "--non-interactive", "--stack", stack, "--cwd", cwd, ...flags];
    return (await promisify(execFile)("pulumi", args, { maxBuffer: 64 * 1024 * 1024 })).stdout;
}

function configError(subject: string, path: string, message: string): ConfigError {
    return new ConfigError(subject, [{ path, message }]);
}
