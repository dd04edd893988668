import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { statePath } from "../settings";
import { projectDirectory } from "./pulumi";

/** The lab's stacks. */
export type Layer = "cluster" | "workloads";

const recordPath = (layer: Layer) => statePath(`applied-${layer}`);

/** Hash over configuration and the program that turns it into a stack: the same hash, nothing to do. */
export async function programHash(...configuration: readonly object[]): Promise<string> {
    const hash = createHash("sha256").update(JSON.stringify(configuration));
    for (const folder of ["model", "steps", "components", "stacks"]) {
        const files = await readdir(path.join(projectDirectory, folder), { recursive: true, withFileTypes: true });
        const names = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath, file.name));
        for (const name of names.sort()) hash.update(name).update(await readFile(name));
    }
    return hash.digest("hex");
}

/** Whether the layer's last `up` that ended well was for this hash. */
export async function isApplied(layer: Layer, hash: string): Promise<boolean> {
    return (await readFile(recordPath(layer), "utf8").catch(() => "")) === hash;
}

export async function recordApplied(layer: Layer, hash: string): Promise<void> {
    await writeFile(recordPath(layer), hash);
}

/** After hosts were thrown away: the next `npm run lab` brings everything up again. */
export async function forgetApplied(): Promise<void> {
    await Promise.all((["cluster", "workloads"] as const).map((layer) => rm(recordPath(layer), { force: true })));
}
