import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJournal, type JournalEntry } from "./journal";

/** Whether nothing of the run is left to do. A run that has only stopped can go on. */
export function isOver(entries: readonly JournalEntry[]): boolean {
    const last = entries.findLast(({ kind }) => kind === "end");
    return last?.kind === "end" && last.outcome !== "stopped";
}

/** The same of a run by its folder on this machine; false for one that was carried out elsewhere. */
export function hasEnded(runs: string, runId: string): boolean {
    try {
        return isOver(parseJournal(readFileSync(join(runs, runId, "journal.ndjson"), "utf8")));
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
        throw error;
    }
}
