import { readFileSync } from "node:fs";
import { parseJournal, type JournalEntry } from "./journal";
import { journalPath } from "./runFolder";

/** Whether nothing of the run is left to do. A run that has only stopped can go on. */
export function isOver(entries: readonly JournalEntry[]): boolean {
    const last = entries.findLast(({ kind }) => kind === "end");
    return last?.kind === "end" && last.outcome !== "stopped";
}

/** The same of a run by its folder on this machine; false for one that was carried out elsewhere. */
export function hasEnded(runs: string, runId: string): boolean {
    return isOver(readRun(runs, runId));
}

/** What a run's folder on this machine tells of it, also beside the process that writes it; nothing where there is none. */
export function readRun(runs: string, runId: string): JournalEntry[] {
    try {
        return parseJournal(readFileSync(journalPath(runs, runId), "utf8"));
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
    }
}
