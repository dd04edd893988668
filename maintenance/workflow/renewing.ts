import { LockLostError } from "./lockErrors";
import type { RunLock } from "./runLock";

const INTERVAL_MILLISECONDS = 5000;

/**
 * Renews a lock in the background until the returned function is called. Failures are left to the next attempt, and in
 * the end to `guard`, which asks again itself.
 */
export function keepRenewing(lock: RunLock): () => void {
    let timer: NodeJS.Timeout | undefined;
    const schedule = () => {
        timer = setTimeout(() => void lock.renew().then(schedule, again), INTERVAL_MILLISECONDS).unref();
    };
    const again = (error: unknown) => {
        if (!(error instanceof LockLostError)) schedule();
    };
    schedule();
    return () => clearTimeout(timer);
}
