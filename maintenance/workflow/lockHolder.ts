/** Who holds the lock. */
export interface LockHolder {
    readonly user: string;
    readonly machine: string;
    readonly pid: number;
    readonly runId: string;
}

const PLANNING = " planning";
const NOTATION = new RegExp(`^(\\S+)@(\\S+) pid (\\d+) run (\\S+?)(?:${PLANNING})?$`);

/** The holder's identity in the Lease, for example `ann@bastion pid 4711 run 20261121-220000-9f3a`. */
export function holderText({ user, machine, pid, runId }: LockHolder): string {
    return `${user}@${machine} pid ${pid} run ${runId}`;
}

/** The same while the run has changed nothing yet, so that nobody has to see to it when it is killed. */
export function planningText(holder: LockHolder): string {
    return `${holderText(holder)}${PLANNING}`;
}

/** Whether the holder had changed nothing when it wrote this. */
export function isPlanning(text: string): boolean {
    return parseHolder(text) !== undefined && text.endsWith(PLANNING);
}

/** Undefined for what was not written by quorate. */
export function parseHolder(text: string): LockHolder | undefined {
    const [, user, machine, pid, runId] = NOTATION.exec(text) ?? [];
    if (user === undefined || machine === undefined || runId === undefined) return undefined;
    return { user, machine, pid: Number(pid), runId };
}
