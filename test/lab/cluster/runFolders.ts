import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseJournal, type JournalEntry } from "../../../maintenance/workflow/journal";
import type { ClusterLab } from "../clusterLab";

/** Ids of all runs on this machine, the newest last. */
export function runs(lab: ClusterLab): string[] {
    return existsSync(lab.runs) ? readdirSync(lab.runs).sort() : [];
}

/** Folder of the run that was begun last. */
export function newestRun(lab: ClusterLab): string {
    return path.join(lab.runs, runs(lab).at(-1) ?? "");
}

/** What that run has written so far. */
export function journal(lab: ClusterLab): JournalEntry[] {
    const file = path.join(newestRun(lab), "journal.ndjson");
    return existsSync(file) ? parseJournal(readFileSync(file, "utf8")) : [];
}
