import assert from "node:assert/strict";
import { TurnFailed } from "../../../../../../maintenance/actions/reboot/rebootTurn";
import type { JournalEntry } from "../../../../../../maintenance/workflow/journal";
import { holderText } from "../../../../../../maintenance/workflow/lockHolder";
import { LockLostError } from "../../../../../../maintenance/workflow/lockErrors";
import { hostsIn } from "../../../../../../maintenance/workflow/runState";
import { DeadlineError } from "../../../../../../maintenance/workflow/until";
import { driveToTheEnd, eachSeed, mend } from "./drive";
import { anHourLater, electLeader, takeDown } from "./meanwhile";
import { assertAllBooted, assertNothingBroken, assertNothingLeft, changeable } from "./invariants";
import { random } from "./random";
import { Killed, openSession, planAll } from "./simSession";
import { randomWorld } from "./world";

/** `QUORATE_SIMULATIONS=10000` runs the full number. */
const RUNS = Number(process.env.QUORATE_SIMULATIONS ?? 300);
const FEW = Math.ceil(RUNS / 5);

describe("a simulated rolling reboot", () => {
    eachSeed(
        "boots every host once and breaks nothing, whatever fails and however often it is killed",
        RUNS,
        async (seed) => {
            const dice = random(seed);
            const world = randomWorld(dice);
            const plan = await planAll(world, dice, dice.between(1, 4));
            for (const host of world.hosts.values()) {
                if (dice.chance(0.03)) host.trouble = dice.pick(["never-back", "same-boot-id", "not-ready"]);
            }
            world.apiErrors = dice.chance(0.3) ? 0.001 : 0;
            const onEntry = () => void (dice.chance(0.02) && electLeader(world, dice));
            const fates = () =>
                dice.chance(0.5)
                    ? { killedAt: { entry: dice.between(0, 60), written: dice.chance(0.5) }, onEntry }
                    : { onEntry };
            const meanwhile = () => {
                if (dice.chance(0.2)) anHourLater(world, dice);
                if (dice.chance(0.2)) takeDown(world, dice, dice.pick([...world.hosts.values()]));
            };
            await driveToTheEnd(world, dice, { plan, fates, meanwhile });
            assertNothingBroken(world);
            assertNothingLeft(world);
            assertAllBooted(world, plan);
        },
    );

    eachSeed("reboots no host on answers of hours ago, when it was killed right before (F46)", FEW, async (seed) => {
        const dice = random(seed);
        const world = randomWorld(dice);
        const plan = await planAll(world, dice, 3);
        const step = dice.pick(plan.steps);
        const victim = dice.pick(step.hosts);
        const entries: JournalEntry[] = [];
        const killedAfter = (entry: JournalEntry) =>
            entry.kind === "host" && entry.host === victim && entry.state === "back";
        const killed = await openSession(world, dice, entries, { pid: 100, fate: { killedAfter } });
        await assert.rejects(killed.run(plan), Killed);
        mend(world);
        anHourLater(world, dice);
        const role = step.role === "worker" ? "control-plane" : step.role;
        const others = [...world.hosts.values()].filter(({ host }) => host.role === role && host.name !== victim);
        takeDown(world, dice, dice.pick(others));
        const resumed = await openSession(world, dice, entries, { pid: 101 });
        await assert.rejects(
            resumed.run(plan),
            (error) => error instanceof TurnFailed && /mend this, then run `quorate resume`/.test(error.message),
        );
        assert.equal(world.hosts.get(victim)!.boots, 0);
        mend(world);
        anHourLater(world, dice);
        await driveToTheEnd(world, dice, { plan, entries, fates: () => ({}) });
        assertNothingBroken(world);
        assertNothingLeft(world);
        assertAllBooted(world, plan);
    });

    eachSeed("changes nothing more once its lock is lost (F48)", FEW, async (seed) => {
        const dice = random(seed);
        const world = randomWorld(dice);
        const plan = await planAll(world, dice, 2);
        const when = dice.between(1, 40);
        let before = "";
        const onEntry = (_entry: JournalEntry, count: number) => {
            if (count !== when) return;
            // The driver stood still, and somebody else has come meanwhile.
            world.now += 200_000;
            const holder = holderText({ user: "bob", machine: "other", pid: 1, runId: "run-2" });
            world.lease = { ...world.lease!, holder, resourceVersion: "thief" };
            before = changeable(world);
        };
        const session = await openSession(world, dice, [], { pid: 100, fate: { onEntry } });
        await assert.rejects(
            session.run(plan),
            (error) =>
                (error instanceof LockLostError && /bob@other/.test(error.message)) ||
                // A wait whose time has passed meanwhile ends before anything asks for the lock.
                (error instanceof TurnFailed && error.cause instanceof DeadlineError),
        );
        assert.equal(changeable(world), before);
    });

    eachSeed(
        "puts back or finishes the hosts under way when it is interrupted, and can be resumed",
        FEW,
        async (seed) => {
            const dice = random(seed);
            const world = randomWorld(dice);
            const plan = await planAll(world, dice, 3);
            const when = dice.between(1, 60);
            const entries: JournalEntry[] = [];
            const session = await openSession(world, dice, entries, {
                pid: 100,
                fate: { onEntry: (_entry, count, stop) => void (count === when && stop.ask("a signal")) },
            });
            const outcome = await session.run(plan);
            assert.ok(["interrupted", "finished"].includes(outcome.kind), JSON.stringify(outcome));
            assertNothingBroken(world);
            assertNothingLeft(world);
            if (outcome.kind === "finished") return;
            assert.ok(outcome.left.every((name) => world.hosts.get(name)!.boots === 0));
            await session.lock.release();
            await driveToTheEnd(world, dice, { plan, entries, fates: () => ({}) });
            assertAllBooted(world, plan);
            assertNothingLeft(world);
        },
    );

    eachSeed("is put back by abort, wherever it was killed", FEW, async (seed) => {
        const dice = random(seed);
        const world = randomWorld(dice);
        const plan = await planAll(world, dice, 3);
        const entries: JournalEntry[] = [];
        const fate = { killedAt: { entry: dice.between(0, 60), written: dice.chance(0.5) } };
        const killed = await openSession(world, dice, entries, { pid: 100, fate });
        const wasKilled = await killed.run(plan).then(
            () => false,
            (error: unknown) => error instanceof Killed,
        );
        if (!wasKilled) return;
        if (dice.chance(0.5)) anHourLater(world, dice);
        if (dice.chance(0.3)) takeDown(world, dice, dice.pick([...world.hosts.values()]));
        const booted = () => [...world.hosts.values()].filter(({ boots }) => boots > 0).length;
        const [before, told] = [booted(), hostsIn(entries, ["back"]).length];
        const abort = async (pid: number) => (await openSession(world, dice, entries, { pid })).abort(plan);
        await abort(101).catch((error: unknown) => {
            if (!(error instanceof TurnFailed)) throw error;
            mend(world);
            return abort(102);
        });
        assertNothingBroken(world);
        assertNothingLeft(world);
        assert.ok(booted() - before <= told, "abort reboots nobody who had not been told to");
    });

    eachSeed("touches no other host after one that does not come back (F52, F53)", FEW, async (seed) => {
        const dice = random(seed);
        const world = randomWorld(dice);
        const plan = await planAll(world, dice, 1);
        const bad = dice.pick(plan.steps).hosts[0]!;
        world.hosts.get(bad)!.trouble = dice.pick(["never-back", "same-boot-id", "not-ready"]);
        const entries: JournalEntry[] = [];
        const session = await openSession(world, dice, entries, { pid: 100 });
        await assert.rejects(session.run(plan), (error) => error instanceof TurnFailed && error.host === bad);
        const order = plan.steps.flatMap(({ hosts }) => hosts);
        for (const name of order.slice(order.indexOf(bad) + 1)) {
            const { boots, cordonedBy } = world.hosts.get(name)!;
            assert.deepEqual({ name, boots, cordonedBy }, { name, boots: 0, cordonedBy: undefined });
        }
        mend(world);
        await driveToTheEnd(world, dice, { plan, entries, fates: () => ({}) });
        assertNothingBroken(world);
        assertNothingLeft(world);
    });
});

describe("a driver that is killed after every entry of its journal in turn (F46)", () => {
    for (const written of [true, false]) {
        it(`is resumed to the same end, ${written ? "with" : "without"} the entry on disk`, async function () {
            this.timeout(0);
            for (let entry = 0, reached = true; reached; entry++) {
                const dice = random(7);
                const world = randomWorld(dice);
                const plan = await planAll(world, dice, 2);
                const entries: JournalEntry[] = [];
                const killed = await openSession(world, dice, entries, {
                    pid: 100,
                    fate: { killedAt: { entry, written } },
                });
                reached = await killed.run(plan).then(
                    () => false,
                    (error: unknown) => error instanceof Killed,
                );
                await driveToTheEnd(world, dice, { plan, entries, fates: () => ({}) });
                assertNothingBroken(world);
                assertNothingLeft(world);
                assertAllBooted(world, plan);
            }
        });
    }
});
