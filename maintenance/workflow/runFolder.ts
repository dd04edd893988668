import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Clock } from "./clock";

/** Where runs of a cluster are kept: `$XDG_STATE_HOME/quorate/<cluster>/runs`, `~/.local/state/...` without it. */
export function runsFolder(cluster: string, environment: NodeJS.ProcessEnv): string {
    return join(environment.XDG_STATE_HOME || join(homedir(), ".local/state"), "quorate", cluster, "runs");
}

/** Sorts by time: `20261121-220000-9f3a`. */
export function newRunId(clock: Clock): string {
    const [date = "", time = ""] = clock.now().toISOString().split(/[T.]/);
    return `${date.replaceAll("-", "")}-${time.replaceAll(":", "")}-${randomBytes(2).toString("hex")}`;
}

/** Makes the folder of a run, readable by its owner only. */
export function makeRunFolder(runs: string, runId: string): string {
    const folder = join(runs, runId);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
}

/** Where a run's journal is. */
export function journalPath(runs: string, runId: string): string {
    return join(runs, runId, "journal.ndjson");
}

/** Ids of all runs on this machine, newest first. */
export function runIds(runs: string): string[] {
    try {
        return readdirSync(runs).sort().reverse();
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
    }
}
