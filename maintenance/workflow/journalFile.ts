import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "./clock";
import { parseJournal, type Journal, type JournalEntry } from "./journal";

/** A journal in a file, which is made or continued. Every entry is flushed to the disk before the next step. */
export interface JournalFile extends Journal {
    close(): void;
}

/** For the one process that may write to it: a line without its end is taken off. @throws Error when the file is no journal */
export function openJournalFile(path: string, clock: Clock): JournalFile {
    const file = openSync(path, "a+", 0o600);
    const text = readFileSync(path, "utf8");
    const entries: JournalEntry[] = parseJournal(text);
    ftruncateSync(file, Buffer.byteLength(text.slice(0, text.lastIndexOf("\n") + 1)));
    flushFolder(dirname(path));
    return {
        entries,
        append(entry) {
            const stamped = { time: clock.now().toISOString(), ...entry } as JournalEntry;
            writeSync(file, `${JSON.stringify(stamped)}\n`);
            fsyncSync(file);
            entries.push(stamped);
            return Promise.resolve();
        },
        close: () => closeSync(file),
    };
}

/** A new file's name is on disk only when its folder is. */
function flushFolder(path: string): void {
    const folder = openSync(path, "r");
    fsyncSync(folder);
    closeSync(folder);
}
