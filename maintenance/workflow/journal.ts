import { z } from "zod";

const time = z.string();
const host = z.string();

const entrySchema = z.discriminatedUnion("kind", [
    /** First of all: what was decided. `plan` and `settings` are the action's own. */
    z.object({
        kind: z.literal("run"),
        time,
        runId: z.string(),
        action: z.string(),
        cluster: z.string(),
        plan: z.unknown(),
        settings: z.unknown(),
    }),
    z.object({
        kind: z.literal("phase"),
        time,
        host,
        phase: z.string(),
        state: z.enum(["started", "finished", "failed", "undone"]),
        detail: z.string().optional(),
    }),
    /** What a phase has to know again after a crash. */
    z.object({ kind: z.literal("note"), time, host, key: z.string(), value: z.string() }),
    /** `away`: under way and can be put back. `back`: it can only be finished. The others are ends. */
    z.object({
        kind: z.literal("host"),
        time,
        host,
        state: z.enum(["away", "back", "done", "put-back", "skipped"]),
        detail: z.string().optional(),
    }),
    /** Last of all, unless the run was killed. `stopped`: it can be resumed. */
    z.object({
        kind: z.literal("end"),
        time,
        outcome: z.enum(["finished", "aborted", "stopped"]),
        detail: z.string().optional(),
    }),
]);

/** One line of a journal. An intent is written before the change that it announces. */
export type JournalEntry = z.output<typeof entrySchema>;
/** An entry before it has its time. */
export type NewEntry = JournalEntry extends infer Entry
    ? Entry extends JournalEntry
        ? Omit<Entry, "time">
        : never
    : never;

/** What a run has done, on disk before anything else happens. */
export interface Journal {
    readonly entries: readonly JournalEntry[];
    /** Returns when the entry would survive a loss of power. */
    append(entry: NewEntry): Promise<void>;
}

/**
 * Reads NDJSON. A last line without its end was being written when the writer was killed, so nothing followed from it: it
 * is left out.
 * @throws Error naming the line that is no entry
 */
export function parseJournal(text: string): JournalEntry[] {
    const complete = text.slice(0, text.lastIndexOf("\n") + 1);
    return complete
        .split("\n")
        .filter((line) => line !== "")
        .map((line, index) => parseLine(line, index + 1));
}

function parseLine(line: string, number: number): JournalEntry {
    try {
        return entrySchema.parse(JSON.parse(line));
    } catch {
        throw new Error(
            `journal line ${number} is ${JSON.stringify(line.slice(0, 120))}; expected an entry of quorate's own: the file was changed or belongs to another version; look at the cluster with \`quorate status\` and go on by hand`,
        );
    }
}
