import type { Journal } from "../../workflow/journal";
import { runState } from "../../workflow/runState";
import type { HostNotes } from "./rebootScope";

/** Notes of one host, kept in the journal. Those of an earlier turn, which was put back, do not count. */
export function openNotes(journal: Journal, host: string): HostNotes {
    return {
        read: (key) => runState(journal.entries)[host]?.notes[key],
        write: (key, value) => journal.append({ kind: "note", host, key, value }),
    };
}
