import type { Journal, JournalEntry, NewEntry } from "./journal";
import type { RunMirror } from "./runStore";

/** A journal whose last state per host is also told to the cluster. */
export interface MirroredJournal extends Journal {
    /** Waits for a write that is under way; with `remove`, nothing is left of the mirror. */
    settle(options: { readonly remove: boolean }): Promise<void>;
}

/**
 * The file is what counts and is written first. The mirror follows when it can: while an API server is away it stays
 * behind, and the next entry brings it up to date.
 */
export function mirroredJournal(
    journal: Journal,
    mirror: RunMirror,
    header: Readonly<Record<string, string>>,
): MirroredJournal {
    const hosts = new Map<string, string>();
    journal.entries.forEach((entry) => note(hosts, entry));
    let isStale = false;
    let writing: Promise<void> | undefined;

    const write = async () => {
        while (isStale) {
            isStale = false;
            await mirror.write(JSON.stringify({ ...header, hosts: Object.fromEntries(hosts) })).catch(() => undefined);
        }
        writing = undefined;
    };
    return {
        entries: journal.entries,
        async append(entry) {
            await journal.append(entry);
            if (!note(hosts, entry)) return;
            isStale = true;
            writing ??= write();
        },
        async settle({ remove }) {
            await writing;
            if (remove) await mirror.remove();
        },
    };
}

/** Whether the entry says where a host stands. */
function note(hosts: Map<string, string>, entry: JournalEntry | NewEntry): boolean {
    if (entry.kind === "phase") hosts.set(entry.host, `${entry.phase} ${entry.state}`);
    else if (entry.kind === "host") hosts.set(entry.host, entry.state);
    else return false;
    return true;
}
