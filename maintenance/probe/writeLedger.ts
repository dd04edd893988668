/** An acknowledged write, and when its event came; null when it did not in time. Milliseconds since 1970. */
export interface SettledWrite {
    readonly sequence: number;
    readonly acknowledged: number;
    readonly seen: number | null;
}

/** Joins writes with the events that tell of them. */
export interface WriteLedger {
    /** The API has acknowledged a write. */
    acknowledge(sequence: number, at: number): void;
    /** The watch has told of a write; it may come before the acknowledgement. */
    see(sequence: number, at: number): void;
    /**
     * A watch begun anew has shown the present state instead of each change. It stands for every write acknowledged by
     * now, and for those with a smaller sequence, which may have been applied before it and are acknowledged later.
     */
    catchUp(sequence: number, at: number): void;
    /** Gives up on writes whose deadline is over. */
    expire(now: number): void;
    /** Writes whose event is still awaited. */
    readonly awaited: number;
}

/** @param deadline milliseconds from the acknowledgement @param settle called once for each acknowledged write */
export function writeLedger(deadline: number, settle: (write: SettledWrite) => void): WriteLedger {
    const awaited = new Map<number, number>();
    const early = new Map<number, number>();
    let covered = { sequence: 0, at: 0 };
    const settleSeen = (sequence: number, acknowledged: number, at: number) => {
        awaited.delete(sequence);
        const inTime = at - acknowledged <= deadline;
        settle({ sequence, acknowledged, seen: inTime ? Math.max(at, acknowledged) : null });
    };
    return {
        acknowledge(sequence, at) {
            const seen = early.get(sequence) ?? (sequence <= covered.sequence ? covered.at : undefined);
            if (seen === undefined) awaited.set(sequence, at);
            else settleSeen(sequence, at, seen);
            early.delete(sequence);
        },
        see(sequence, at) {
            const acknowledged = awaited.get(sequence);
            if (acknowledged === undefined) early.set(sequence, at);
            else settleSeen(sequence, acknowledged, at);
        },
        catchUp(sequence, at) {
            covered = { sequence, at };
            for (const [each, acknowledged] of awaited) settleSeen(each, acknowledged, at);
        },
        expire(now) {
            for (const [sequence, acknowledged] of awaited) {
                if (now - acknowledged <= deadline) continue;
                awaited.delete(sequence);
                settle({ sequence, acknowledged, seen: null });
            }
        },
        get awaited() {
            return awaited.size;
        },
    };
}
