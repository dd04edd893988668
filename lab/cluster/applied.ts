import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ClusterConfigInput } from "../../model/clusterConfig";
import { statePath } from "../settings";
import { projectDirectory } from "./pulumi";

const recordPath = () => statePath("applied");

/** Hash over the configuration and the program that turns it into a cluster: the same hash, nothing to do. */
export async function programHash(cluster: ClusterConfigInput): Promise<string> {
    const hash = createHash("sha256").update(JSON.stringify(cluster));
    for (const folder of ["model", "components", "stacks"]) {
        const files = await readdir(path.join(projectDirectory, folder), { recursive: true, withFileTypes: true });
        const names = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath, file.name));
        for (const name of names.sort()) hash.update(name).update(await readFile(name));
    }
    return hash.digest("hex");
}

/** Whether the last `up` that ended well was for this hash. */
export async function isApplied(hash: string): Promise<boolean> {
    return (await readFile(recordPath(), "utf8").catch(() => "")) === hash;
}

export async function recordApplied(hash: string): Promise<void> {
    await writeFile(recordPath(), hash);
}

/** After hosts were thrown away: the next `npm run lab` brings the cluster up again. */
export async function forgetApplied(): Promise<void> {
    await rm(recordPath(), { force: true });
}
