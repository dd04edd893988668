import { hostname, userInfo } from "node:os";
import type { RunLease } from "../workflow/runStore";
import { hasEnded } from "../workflow/runEnded";
import { RunLock } from "../workflow/runLock";
import { systemClock } from "../workflow/clock";

/** What a process wants to do under the lock. */
export interface Purpose {
    readonly runId: string;
    /** Folder of all runs on this machine. */
    readonly runs: string;
    /** Whether the run is new: it has changed nothing yet. */
    readonly isNew: boolean;
}

/** Takes the cluster's lock for this process. @throws LockHeldError */
export function takeLock(store: RunLease, { runId, runs, isNew }: Purpose): Promise<RunLock> {
    return RunLock.acquire({
        store,
        clock: systemClock,
        holder: { user: userInfo().username, machine: hostname(), pid: process.pid, runId },
        isPlanning: isNew,
        isAlive,
        hasEnded: (other) => hasEnded(runs, other),
    });
}

/** Whether a lock's holder was a process of this machine that is dead. */
export function isDeadHere(holder: { readonly machine: string; readonly pid: number }): boolean {
    return holder.machine === hostname() && !isAlive(holder.pid);
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
