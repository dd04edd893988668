import type { Clock } from "./clock";
import { isExpired } from "./leaseAge";
import { parseHolder } from "./lockHolder";
import { RefusedError } from "./refusedError";
import type { RunLease } from "./runStore";

export interface UnlockOptions {
    readonly store: RunLease;
    readonly clock: Clock;
    /** The run that is meant: naming it is the confirmation. */
    readonly runId: string;
    /** Whether a holder's process on this machine is dead; false for those of other machines. */
    isDead(holder: { readonly machine: string; readonly pid: number }): boolean;
}

/**
 * Takes the lock from a run that has gone silent, and says who had it; undefined when nobody has.
 * @throws RefusedError when another run has it, or this one is alive
 */
export async function unlock({ store, clock, runId, isDead }: UnlockOptions): Promise<string | undefined> {
    const record = await store.read();
    if (record === undefined || record.holder === "") return undefined;
    const holder = parseHolder(record.holder);
    const refused = (seen: string, next: string) => new RefusedError("unlock", [seen], next);
    if (holder !== undefined && holder.runId !== runId) {
        throw refused(
            `the lock is held by ${record.holder}, not by run ${runId}`,
            `look whether it is alive, then run \`quorate unlock --run ${holder.runId}\``,
        );
    }
    const isSilent = isExpired(record, clock) || (holder !== undefined && isDead(holder));
    if (!isSilent) {
        throw refused(
            `${record.holder} has renewed it at ${record.renewedAt.toISOString()}`,
            "stop that run first: interrupt it and let it put its host back",
        );
    }
    if ((await store.replace({ ...record, holder: "" })) === undefined) {
        throw refused("the lock has just changed", "run again to see who has it");
    }
    return record.holder;
}
