import type { JournalEntry } from "./journal";

export type HostStage = Extract<JournalEntry, { kind: "host" }>["state"];

/** What a journal says about one host. */
export interface HostRecord {
    /** Undefined before its turn. */
    readonly stage: HostStage | undefined;
    /** Phases that were started and neither undone nor superseded, in order. */
    readonly begun: readonly string[];
    /** The phase entry that came last, for people. */
    readonly last: string;
    readonly notes: Readonly<Record<string, string>>;
}

const UNTOUCHED: HostRecord = { stage: undefined, begun: [], last: "", notes: {} };

/** Journals only grow, and are asked after every entry: what was read once is not read again. */
const readBefore = new WeakMap<readonly JournalEntry[], { count: number; hosts: Record<string, HostRecord> }>();

/** Where every host of a run stands, by the journal alone. The answer follows the journal as it grows. */
export function runState(entries: readonly JournalEntry[]): Readonly<Record<string, HostRecord>> {
    const known = readBefore.get(entries) ?? { count: 0, hosts: {} };
    for (; known.count < entries.length; known.count++) {
        const entry = entries[known.count];
        if (entry === undefined || !("host" in entry)) continue;
        known.hosts[entry.host] = next(known.hosts[entry.host] ?? UNTOUCHED, entry);
    }
    readBefore.set(entries, known);
    return known.hosts;
}

/** Hosts in one of these stages, in the order in which they came first. */
export function hostsIn(entries: readonly JournalEntry[], stages: readonly HostStage[]): string[] {
    return Object.entries(runState(entries))
        .filter(([, { stage }]) => stage !== undefined && stages.includes(stage))
        .map(([name]) => name);
}

function next(record: HostRecord, entry: Extract<JournalEntry, { host: string }>): HostRecord {
    switch (entry.kind) {
        case "note":
            return { ...record, notes: { ...record.notes, [entry.key]: entry.value } };
        case "host":
            return entry.state === "put-back" ? { ...UNTOUCHED, stage: "put-back" } : { ...record, stage: entry.state };
        case "phase": {
            const others = record.begun.filter((phase) => phase !== entry.phase);
            return {
                ...record,
                begun: entry.state === "undone" ? others : [...others, entry.phase],
                last: `${entry.phase} ${entry.state}`,
            };
        }
    }
}
