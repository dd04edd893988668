import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { cacheDirectory, ordinaryState, recipeHash, stateDirectory, statePath } from "../settings";
import { type EngineEnvironment, installEngine, missingRealParts } from "../engine/install";
import { claimState } from "../hosts/claim";
import { type Finished, finish } from "../process";

/** The checkout: Pulumi's project folder. */
export const projectDirectory = path.resolve(__dirname, "../..");

/** The lab's stack in the project: `lab`, or a name of its own for a lab that keeps its state elsewhere. */
export function stackName(state = stateDirectory()): string {
    return state === ordinaryState ? "lab" : `lab-${recipeHash(state)}`;
}

/** The stack of what stands on the lab's cluster. */
export function workloadsStackName(state = stateDirectory()): string {
    return `${stackName(state)}-workloads`;
}

/** The Pulumi CLI that the lab obtained. */
export function pulumiBinary(): string {
    return path.join(cacheDirectory(), "tools", "pulumi");
}

/**
 * Variables with which `pulumi`, typed in the checkout, works on the lab: the user's own engine where it is complete, else
 * the lab's with its stand-in plugins; state in a folder of the lab, secrets encrypted with a passphrase kept beside it.
 */
export async function pulumiEnvironment(): Promise<Record<string, string>> {
    await claimState();
    const backend = statePath("pulumi");
    const passphraseFile = path.join(backend, "passphrase");
    await mkdir(backend, { recursive: true, mode: 0o700 });
    if (!existsSync(passphraseFile)) await writeFile(passphraseFile, randomBytes(24).toString("hex"), { mode: 0o600 });
    const missing = await missingRealParts();
    const engine: Partial<EngineEnvironment> =
        missing.length === 0
            ? {}
            : await installEngine({ pulumiBinary: pulumiBinary(), directory: statePath("engine") });
    return {
        ...engine,
        PULUMI_BACKEND_URL: `file://${backend}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    };
}

/** Runs `pulumi` in the project and returns what it printed, whatever its status. */
export async function pulumi(args: readonly string[], options: { input?: string } = {}): Promise<Finished> {
    const env = await pulumiEnvironment();
    return finish("pulumi", [...args, "--non-interactive"], { cwd: projectDirectory, env, ...options });
}

/** Runs `pulumi` attached to this terminal. @returns its exit status */
export async function pulumiAttached(args: readonly string[]): Promise<number> {
    const env = { ...process.env, ...(await pulumiEnvironment()) };
    return new Promise((resolve, reject) => {
        const child = spawn("pulumi", args, { cwd: projectDirectory, env, stdio: ["ignore", 2, 2] });
        child.on("error", reject);
        child.on("close", (code) => resolve(code ?? 1));
    });
}

/** A stack's configuration file in the checkout; not under version control, as it pins this lab's host keys. */
export function stackConfigFile(stack: string): string {
    return path.join(projectDirectory, `Pulumi.${stack}.yaml`);
}

/** A stack's configuration file as text, or nothing. */
export async function readStackConfig(stack: string): Promise<string> {
    return readFile(stackConfigFile(stack), "utf8").catch(() => "");
}
