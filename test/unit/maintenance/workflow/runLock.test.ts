import assert from "node:assert/strict";
import { LockHeldError, LockLostError } from "../../../../maintenance/workflow/lockErrors";
import { holderText, parseHolder, planningText, type LockHolder } from "../../../../maintenance/workflow/lockHolder";
import { RunLock, type LockOptions } from "../../../../maintenance/workflow/runLock";
import type { LeaseRecord, RunLease } from "../../../../maintenance/workflow/runStore";
import { unlock } from "../../../../maintenance/workflow/unlock";
import { fakeClock } from "../../../fakes/fakeClock";

const ANN: LockHolder = { user: "ann", machine: "bastion", pid: 4711, runId: "run-1" };
const BOB: LockHolder = { user: "bob", machine: "laptop", pid: 12, runId: "run-2" };

/** A Lease in memory, as the API server keeps it. */
class FakeLease implements RunLease {
    record: LeaseRecord | undefined;
    /** Requests that fail before the next that succeeds. */
    failures = 0;
    /** Replacements that are stored although their answer is lost. */
    lostAnswers = 0;

    read() {
        this.fail();
        return Promise.resolve(this.record);
    }
    create(record: Omit<LeaseRecord, "resourceVersion">) {
        return Promise.resolve(this.record === undefined ? this.store(record) : undefined);
    }
    replace(record: LeaseRecord) {
        this.fail();
        if (this.record?.resourceVersion !== record.resourceVersion) return Promise.resolve(undefined);
        const stored = this.store(record);
        if (this.lostAnswers-- > 0) return Promise.reject(new Error("connection reset"));
        return Promise.resolve(stored);
    }
    private store(record: Omit<LeaseRecord, "resourceVersion">): LeaseRecord {
        return (this.record = { ...record, resourceVersion: String(Number(this.record?.resourceVersion ?? 0) + 1) });
    }
    private fail() {
        if (this.failures-- > 0) throw new Error("connection refused");
    }
}

function setUp() {
    const store = new FakeLease();
    const clock = fakeClock();
    const options = (holder: LockHolder, change: Partial<LockOptions> = {}): LockOptions => ({
        store,
        clock,
        holder,
        isAlive: () => true,
        hasEnded: () => false,
        ...change,
    });
    return { store, clock, options };
}

const SECONDS = 1000;

describe("the lock of a run", () => {
    it("is had by one at a time, and a second run is told whose it is (F47)", async () => {
        const { options } = setUp();
        await RunLock.acquire(options(ANN));
        await assert.rejects(RunLock.acquire(options(BOB)), (error: Error) => {
            assert.ok(error instanceof LockHeldError);
            assert.match(error.message, /by ann@bastion pid 4711 run run-1, since 2026-.*wait until it has ended/);
            return true;
        });
    });

    it("is free after release when its own renewal was faster", async () => {
        const { store, options } = setUp();
        const lock = await RunLock.acquire(options(ANN));
        const replace = store.replace.bind(store);
        let renewal: Promise<void> | undefined;
        store.replace = (record) => {
            if (record.holder === "") renewal ??= lock.renew();
            return replace(record);
        };
        await lock.release();
        await renewal;
        assert.equal(store.record?.holder, "");
    });

    it("is free again after release", async () => {
        const { options } = setUp();
        await (await RunLock.acquire(options(ANN))).release();
        await RunLock.acquire(options(BOB));
    });

    it("stays with a holder that has gone silent, and the refusal says what to do (TRAPS 47)", async () => {
        const { options, clock } = setUp();
        await RunLock.acquire(options(ANN));
        await clock.pause(3600 * SECONDS);
        await assert.rejects(
            RunLock.acquire(options(BOB)),
            /does not run any more, last heard of at 2026.*quorate resume.*quorate unlock --run run-1/,
        );
    });

    it("is at once known to be a dead process's on the same machine", async () => {
        const { options } = setUp();
        await RunLock.acquire(options(ANN));
        const next = options({ ...ANN, pid: 4712, runId: "run-2" }, { isAlive: () => false });
        await assert.rejects(RunLock.acquire(next), /does not run any more.*quorate resume/);
    });

    it("goes to its own run at once when the process before is dead, and after its time otherwise", async () => {
        const { options, clock } = setUp();
        await RunLock.acquire(options(ANN));
        const next = { ...ANN, pid: 4712 };
        await assert.rejects(RunLock.acquire(options(next)), LockHeldError);
        await RunLock.acquire(options(next, { isAlive: () => false }));
        await clock.pause(91 * SECONDS);
        await RunLock.acquire(options({ ...next, machine: "other" }));
    });

    it("is free when its run had ended before its process died without giving it up", async () => {
        const { options } = setUp();
        await RunLock.acquire(options(ANN));
        const next = { ...ANN, pid: 4712, runId: "run-2" };
        const hasEnded = (runId: string) => runId === ANN.runId;
        await assert.rejects(RunLock.acquire(options(next, { hasEnded })), LockHeldError);
        await RunLock.acquire(options(next, { hasEnded, isAlive: () => false }));
    });

    it("is free when its process was killed before it had changed anything, whoever that was", async () => {
        const { options, clock } = setUp();
        await RunLock.acquire(options(ANN, { isPlanning: true }));
        await assert.rejects(RunLock.acquire(options(BOB)), /by ann@bastion pid 4711 run run-1 planning.*wait until/);
        await RunLock.acquire(options({ ...BOB, machine: "bastion" }, { isPlanning: true, isAlive: () => false }));
        await clock.pause(91 * SECONDS);
        await RunLock.acquire(options(ANN));
    });

    it("says before the first change that something may be left, however many come together", async () => {
        const { options, store } = setUp();
        const lock = await RunLock.acquire(options(ANN, { isPlanning: true }));
        assert.equal(store.record?.holder, planningText(ANN));
        const seen = await Promise.all([0, 1].map(() => lock.guard(() => Promise.resolve(store.record?.holder))));
        assert.deepEqual(seen, [holderText(ANN), holderText(ANN)]);
        const next = options({ ...ANN, pid: 4712, runId: "run-2" }, { isAlive: () => false });
        await assert.rejects(RunLock.acquire(next), /does not run any more.*quorate resume/);
    });

    it("says so although a renewal is under way, or the answer to the one before was lost", async () => {
        const { options, store } = setUp();
        const lock = await RunLock.acquire(options(ANN, { isPlanning: true }));
        store.lostAnswers = 1;
        await assert.rejects(lock.renew(), /connection reset/);
        const renewal = lock.renew();
        assert.equal(await lock.guard(() => Promise.resolve(store.record?.holder)), holderText(ANN));
        await renewal;
    });

    it("lets nothing be changed by a run that lost it while it planned", async () => {
        const { options, store, clock } = setUp();
        const lock = await RunLock.acquire(options(ANN, { isPlanning: true }));
        await clock.pause(91 * SECONDS);
        await RunLock.acquire(options(BOB));
        await assert.rejects(
            lock.guard(() => assert.fail("it was changed")),
            /bob@laptop pid 12 run run-2 has it now/,
        );
        assert.equal(store.record?.holder, holderText(BOB));
    });

    it("lets nothing be changed any more once its release has begun", async () => {
        const { options, clock } = setUp();
        const lock = await RunLock.acquire(options(ANN));
        const change = () => assert.fail("it was changed");
        const waiting = (await clock.pause(31 * SECONDS), assert.rejects(lock.guard(change), /has given it up/));
        const release = lock.release();
        await assert.rejects(lock.guard(change), LockLostError);
        await Promise.all([release, waiting]);
        await assert.rejects(lock.guard(change), /the lock was lost: this run has given it up/);
        await RunLock.acquire(options(BOB));
    });

    it("is trusted for a while after each renewal, then asked for before every change", async () => {
        const { options, store, clock } = setUp();
        const lock = await RunLock.acquire(options(ANN));
        const version = store.record?.resourceVersion;
        await lock.guard(() => Promise.resolve());
        assert.equal(store.record?.resourceVersion, version);
        await clock.pause(31 * SECONDS);
        await lock.guard(() => Promise.resolve());
        assert.notEqual(store.record?.resourceVersion, version);
    });

    it("lets nothing more be changed once somebody else has it (F48)", async () => {
        const { options, store, clock } = setUp();
        const lock = await RunLock.acquire(options(ANN));
        await clock.pause(200 * SECONDS);
        store.record = { ...store.record!, holder: holderText(BOB), resourceVersion: "77" };
        let changes = 0;
        const change = () => Promise.resolve(changes++);
        await assert.rejects(lock.guard(change), /bob@laptop pid 12 run run-2 has it now.*changes nothing more/);
        await assert.rejects(lock.guard(change), LockLostError);
        await assert.rejects(lock.release(), LockLostError);
        assert.equal(changes, 0);
        assert.equal(store.record.holder, holderText(BOB));
    });

    it("is asked again while control planes reboot, and counts as lost when nobody confirms it", async () => {
        const { options, store, clock } = setUp();
        const lock = await RunLock.acquire(options(ANN));
        await clock.pause(40 * SECONDS);
        store.failures = 20;
        assert.equal(await lock.guard(() => Promise.resolve("changed")), "changed");
        await clock.pause(40 * SECONDS);
        store.failures = Infinity;
        await assert.rejects(
            lock.guard(() => Promise.resolve()),
            /no API server confirms it/,
        );
    });

    it("is asked again for as long when the machine sleeps meanwhile", async () => {
        const { options, store, clock } = setUp();
        const lock = await RunLock.acquire(options(ANN));
        await clock.pause(40 * SECONDS);
        store.failures = 1;
        const replace = store.replace.bind(store);
        store.replace = (record) => {
            if (store.failures > 0) clock.correct(3600 * SECONDS);
            return replace(record);
        };
        assert.equal(await lock.guard(() => Promise.resolve("changed")), "changed");
    });

    it("is still ours when only the answer to a renewal was lost", async () => {
        const { options, store } = setUp();
        const lock = await RunLock.acquire(options(ANN));
        store.lostAnswers = 1;
        await assert.rejects(lock.renew(), /connection reset/);
        await lock.renew();
    });

    it("grows old by whichever clock goes further: the machine may have slept", async () => {
        for (const [passed, corrected] of [
            [0, 31],
            [31, -31],
        ] as const) {
            const { options, store, clock } = setUp();
            const lock = await RunLock.acquire(options(ANN));
            await clock.pause(passed * SECONDS);
            clock.correct(corrected * SECONDS);
            const before = store.record?.resourceVersion;
            await lock.guard(() => Promise.resolve());
            assert.notEqual(store.record?.resourceVersion, before);
        }
    });

    it("names its holder so that it can be read back", () => {
        assert.deepEqual(parseHolder(holderText(ANN)), ANN);
        assert.deepEqual(parseHolder(planningText(ANN)), ANN);
        assert.equal(parseHolder("somebody-else"), undefined);
    });
});

describe("unlocking", () => {
    const isDead = () => false;

    it("takes the lock from a silent run whose id is given", async () => {
        const { options, store, clock } = setUp();
        await RunLock.acquire(options(ANN));
        await clock.pause(91 * SECONDS);
        assert.equal(await unlock({ store, clock, runId: "run-1", isDead }), holderText(ANN));
        await RunLock.acquire(options(BOB));
    });

    it("is refused for another run, and for one that is alive", async () => {
        const { options, store, clock } = setUp();
        await RunLock.acquire(options(ANN));
        await assert.rejects(unlock({ store, clock, runId: "run-9", isDead }), /held by ann@bastion.*not by run run-9/);
        await assert.rejects(unlock({ store, clock, runId: "run-1", isDead }), /has renewed it.*stop that run first/);
    });

    it("has nothing to do when nobody has the lock", async () => {
        const { store, clock } = setUp();
        assert.equal(await unlock({ store, clock, runId: "run-1", isDead }), undefined);
    });
});
