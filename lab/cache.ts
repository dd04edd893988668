import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { kill, machineProcesses } from "./processes";
import { cachePath } from "./settings";

const partialMark = ".partial-";

/**
 * The cache entry of that name, made by `make` when it is not there. `make` fills a temporary folder that gets its name
 * only when complete, so that an interrupted run leaves nothing that looks finished.
 */
export async function ensureCached(name: string, make: (directory: string) => Promise<void>): Promise<string> {
    const final = cachePath(name);
    if (existsSync(final)) return final;
    await mkdir(path.dirname(final), { recursive: true });
    const partial = await mkdtemp(`${final}${partialMark}${process.pid}-`);
    try {
        await chmod(partial, 0o755);
        await make(partial);
        await rename(partial, final).catch((error: unknown) => {
            if (!existsSync(final)) throw error; // otherwise another run was faster
        });
    } finally {
        await rm(partial, { recursive: true, force: true });
    }
    return final;
}

/** Removes what runs that were killed left half made, and ends what still works on it. Runs that live are left alone. */
export async function removeAbandonedEntries(): Promise<void> {
    for (const directory of [cachePath(), cachePath("artifacts")]) {
        const entries = await readdir(directory).catch(() => []);
        for (const entry of entries.filter(isAbandoned)) await removeAbandoned(path.join(directory, entry));
    }
}

async function removeAbandoned(directory: string): Promise<void> {
    const orphans = machineProcesses().filter(({ words }) => words.some((word) => word.startsWith(directory)));
    orphans.forEach(({ pid }) => kill(pid));
    await rm(directory, { recursive: true, force: true, maxRetries: 20 });
}

function isAbandoned(entry: string): boolean {
    const [, owner] = entry.split(partialMark);
    return owner !== undefined && !existsSync(`/proc/${parseInt(owner, 10)}`);
}
