import { Duration } from "../../model/duration";
import type { Clock } from "./clock";
import { errorLine } from "./errorLine";
import { isExpired } from "./leaseAge";
import { LockHeldError, LockLostError } from "./lockErrors";
import { holderText, isPlanning, parseHolder, planningText, type LockHolder } from "./lockHolder";
import { ageOf, moment, type Moment } from "./moment";
import type { LeaseRecord, RunLease } from "./runStore";

/** Longer than a control plane's reboot keeps the API away; the lock outlives its renewer by no more than this (F46). */
const LIFETIME = Duration.seconds(60);
/** A renewal this old is no longer proof that the lock is ours. */
const TRUSTED = LIFETIME.times(0.5);
/** How long a mutation waits for an API server that can say whose the lock is. */
const PATIENCE = LIFETIME.times(3);
const RETRY_MILLISECONDS = 1000;

export interface LockOptions {
    readonly store: RunLease;
    readonly clock: Clock;
    readonly holder: LockHolder;
    /** Whether nothing was changed in the run's name yet. The first change says in the Lease that this is over. */
    readonly isPlanning?: boolean;
    /** Whether a process of this machine is alive. */
    isAlive(pid: number): boolean;
    /** Whether a run, by its journal on this machine, has come to its end. */
    hasEnded(runId: string): boolean;
}

/**
 * The one run that may change the cluster: a Lease with our name, renewed. It fails closed: a holder that has gone silent
 * keeps the lock until its own run is resumed, aborted or unlocked (TRAPS 47), unless the Lease itself says that nothing was
 * changed yet.
 */
export class RunLock {
    private lost: LockLostError | undefined;
    private isGivenUp = false;
    private confirming: Promise<void> | undefined;
    private confirmed: Moment;

    private constructor(
        private readonly options: LockOptions,
        /** As the Lease has to name it. */
        private holder: string,
        private record: LeaseRecord,
        asked: Moment,
    ) {
        this.confirmed = asked;
    }

    /**
     * Takes the lock when nobody has it, or when a dead process has it: of the run of the same id, of one that has ended, or
     * of one that had changed nothing yet.
     * @throws LockHeldError naming the holder
     */
    static async acquire(options: LockOptions): Promise<RunLock> {
        const asked = moment(options.clock);
        const found = await options.store.read();
        if (found !== undefined && !isFree(found, options)) throw held(found, options);
        const wanted = recordOf(options);
        const taken = await (found === undefined
            ? options.store.create(wanted)
            : options.store.replace({ ...wanted, resourceVersion: found.resourceVersion }));
        if (taken !== undefined) return new RunLock(options, wanted.holder, taken, asked);
        const faster = await options.store.read();
        throw held(faster ?? { ...wanted, holder: "a run that was faster", resourceVersion: "" }, options);
    }

    /**
     * Runs one change, provided that the lock is ours now.
     * @throws LockLostError before anything is changed
     */
    async guard<T>(change: () => Promise<T>): Promise<T> {
        this.refuseWhenGone();
        this.holder = holderText(this.options.holder);
        if (ageOf(this.confirmed, this.options.clock) >= TRUSTED.milliseconds) await this.confirmPatiently();
        while (this.record.holder !== this.holder) await this.confirmPatiently();
        this.refuseWhenGone();
        return change();
    }

    /** Renews. @throws LockLostError when it is not ours any more; any other error leaves open whose it is */
    renew(): Promise<void> {
        this.confirming ??= this.confirm().finally(() => (this.confirming = undefined));
        return this.confirming;
    }

    /**
     * Gives it up; from the call on nothing more is changed under it. A renewal in the background may be faster: the server
     * then refuses, and is told again.
     * @throws LockLostError when it is not ours any more
     */
    async release(): Promise<void> {
        this.isGivenUp = true;
        do await this.renew();
        while ((await this.options.store.replace({ ...this.record, holder: "" })) === undefined);
    }

    private refuseWhenGone(): void {
        if (this.lost) throw this.lost;
        if (this.isGivenUp) throw new LockLostError("this run has given it up");
    }

    private async confirmPatiently(): Promise<void> {
        const { clock } = this.options;
        const end = clock.monotonic() + PATIENCE.milliseconds;
        for (;;) {
            try {
                return await this.renew();
            } catch (error) {
                if (error instanceof LockLostError) throw error;
                if (clock.monotonic() > end) {
                    throw this.lose(`no API server confirms it for ${PATIENCE} (${errorLine(error)})`);
                }
                await clock.pause(RETRY_MILLISECONDS);
            }
        }
    }

    private async confirm(): Promise<void> {
        if (this.lost) throw this.lost;
        const { store, clock, holder } = this.options;
        const asked = moment(clock);
        const renewed = await store.replace({ ...this.record, holder: this.holder, renewedAt: clock.now() });
        if (renewed !== undefined) return this.accept(renewed, asked);
        // The answer to an earlier renewal of ours may have been lost on its way.
        const found = await store.read();
        if (found === undefined || ![holderText(holder), planningText(holder)].includes(found.holder)) {
            throw this.lose(found === undefined ? "it was deleted" : `${found.holder || "nobody"} has it now`);
        }
        this.accept(found, asked);
    }

    private accept(record: LeaseRecord, asked: Moment): void {
        this.record = record;
        this.confirmed = asked;
    }

    private lose(what: string): LockLostError {
        this.lost = new LockLostError(what);
        return this.lost;
    }
}

function recordOf(options: LockOptions): Omit<LeaseRecord, "resourceVersion"> {
    const now = options.clock.now();
    const holder = options.isPlanning === true ? planningText(options.holder) : holderText(options.holder);
    return { holder, acquiredAt: now, renewedAt: now, durationSeconds: LIFETIME.wholeSeconds };
}

function isFree(record: LeaseRecord, options: LockOptions): boolean {
    if (record.holder === "") return true;
    const runId = parseHolder(record.holder)?.runId;
    if (runId === undefined || !isSilent(record, options)) return false;
    if (isPlanning(record.holder)) return true;
    // One that was killed after its last journal entry, before it gave up the lock, has left nothing to be resumed.
    return runId === options.holder.runId || options.hasEnded(runId);
}

/** Its process is dead, as far as this machine can tell, or its time is over. */
function isSilent(record: LeaseRecord, { holder, clock, isAlive }: LockOptions): boolean {
    const other = parseHolder(record.holder);
    // A process with our own id was another one, which has ended.
    const isDead = other?.machine === holder.machine && (other.pid === holder.pid || !isAlive(other.pid));
    return isDead || isExpired(record, clock);
}

function held(record: LeaseRecord, options: LockOptions): LockHeldError {
    if (!isSilent(record, options)) {
        return new LockHeldError(record.holder, record.acquiredAt, "wait until it has ended, then run again");
    }
    const run = parseHolder(record.holder)?.runId ?? "ID";
    return new LockHeldError(
        record.holder,
        record.acquiredAt,
        `it does not run any more, last heard of at ${record.renewedAt.toISOString()}: run \`quorate resume\` or \`quorate abort\` on its machine, or, when that is gone for good, \`quorate unlock --run ${run}\``,
    );
}
