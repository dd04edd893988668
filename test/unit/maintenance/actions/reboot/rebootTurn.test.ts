import assert from "node:assert/strict";
import type { RebootPlan } from "../../../../../maintenance/actions/reboot/rebootPlan";
import { TurnFailed } from "../../../../../maintenance/actions/reboot/rebootTurn";
import type { JournalEntry } from "../../../../../maintenance/workflow/journal";
import { sampleInventory } from "../../../../fakes/sampleCluster";
import { mend } from "./simulation/drive";
import { assertAllBooted, assertNothingBroken, assertNothingLeft } from "./simulation/invariants";
import { random } from "./simulation/random";
import { Killed, openSession, type Fate } from "./simulation/simSession";
import { quietWorld } from "./simulation/world";

/** One host of the sample cluster, rebooted by one driver after the other. */
class Turn {
    readonly world = quietWorld(sampleInventory());
    readonly entries: JournalEntry[] = [];
    readonly plan: RebootPlan;
    private pid = 100;

    constructor(readonly name: string) {
        const { role } = this.world.hosts.get(name)!.host;
        this.plan = { steps: [{ role, hosts: [name] }], skipped: [] };
    }

    get host() {
        return this.world.hosts.get(this.name)!;
    }

    session(fate: Fate = {}) {
        return openSession(this.world, random(1), this.entries, { pid: this.pid++, fate });
    }

    async killedAfter(is: (entry: JournalEntry) => boolean): Promise<void> {
        const session = await this.session({ killedAfter: is });
        await assert.rejects(session.run(this.plan), Killed);
    }

    /** Phases that were begun since this many entries. */
    begun(since: number): string[] {
        return this.entries
            .slice(since)
            .flatMap((entry) => (entry.kind === "phase" && entry.state === "started" ? [entry.phase] : []));
    }
}

const isBack = (entry: JournalEntry) => entry.kind === "host" && entry.state === "back";
const isFinished = (entry: JournalEntry, phase: string) =>
    entry.kind === "phase" && entry.phase === phase && entry.state === "finished";
const isNoted = (entry: JournalEntry) => entry.kind === "note" && entry.key === "boot-id";

describe("a host whose driver was killed right before the order to reboot", () => {
    for (const [when, killedAfter] of [
        ["before its boot id was noted", isBack],
        ["after its boot id was noted", isNoted],
    ] as const) {
        it(`goes through everything again before it is rebooted, ${when}`, async () => {
            const turn = new Turn("cp1");
            await turn.killedAfter(killedAfter);
            turn.world.now += 3_600_000;
            turn.world.leader = "cp1";
            const since = turn.entries.length;
            assert.equal((await (await turn.session()).run(turn.plan)).kind, "finished");
            assert.deepEqual(turn.begun(since).slice(0, 2), ["gate", "leave-ingress"]);
            assert.equal(turn.begun(since).filter((phase) => phase === "stop-api-server").length, 1);
            assertNothingBroken(turn.world);
            assertAllBooted(turn.world, turn.plan);
            assertNothingLeft(turn.world);
        });
    }

    it("is not rebooted while another member is out, and is told to be resumed, by resume and abort alike", async () => {
        const turn = new Turn("cp1");
        await turn.killedAfter(isBack);
        turn.world.hosts.get("cp3")!.upAt = Infinity;
        const stuck = (error: unknown) =>
            error instanceof TurnFailed &&
            !/was put back/.test(error.message) &&
            /^cp1 failed in phase gate: cp3 does not answer SSH .*; cp1 stays out: mend this, then run `quorate resume`$/.test(
                error.message,
            );
        const resumed = await turn.session();
        await assert.rejects(resumed.run(turn.plan), stuck);
        const aborted = await turn.session();
        await assert.rejects(aborted.abort(turn.plan), stuck);
        assert.equal(turn.host.boots, 0);
        mend(turn.world);
        await (await turn.session()).abort(turn.plan);
        assert.equal(turn.host.boots, 1);
        assertNothingBroken(turn.world);
        assertNothingLeft(turn.world);
    });

    it("gives the address away again that it has got back", async () => {
        const turn = new Turn("lb1");
        await turn.killedAfter(isBack);
        turn.world.addressOwner = "lb1";
        await (await turn.session()).run(turn.plan);
        assert.equal(turn.world.addressOwner, "lb2");
        assertNothingBroken(turn.world);
        assertAllBooted(turn.world, turn.plan);
    });
});

describe("a host whose driver was killed after the order to reboot", () => {
    it("is only waited for: nothing of its way out is done again", async () => {
        const turn = new Turn("cp1");
        const session = await turn.session();
        const orders = turn.world.hosts.get("cp1")!;
        orders.trouble = "never-back";
        await assert.rejects(session.run(turn.plan), TurnFailed);
        orders.trouble = "none";
        orders.upAt = turn.world.now + 5000;
        orders.readyAt = orders.ingressReadyAt = turn.world.now + 8000;
        const since = turn.entries.length;
        await (await turn.session()).run(turn.plan);
        assert.equal(turn.begun(since)[0], "reboot");
        assertAllBooted(turn.world, turn.plan);
    });

    it("that goes down while its way out is done again is waited for", async () => {
        const turn = new Turn("cp1");
        await turn.killedAfter(isNoted);
        // The order was given, and takes its time: the host is gone when the gate asks for it.
        const goDown = (entry: JournalEntry) => {
            if (entry.kind !== "phase" || entry.phase !== "gate" || entry.state !== "started") return;
            turn.host.boots++;
            turn.host.upAt = turn.world.now + 90_000;
            turn.host.readyAt = turn.host.ingressReadyAt = turn.host.upAt;
            turn.host.apiStoppedAt = undefined;
        };
        const session = await turn.session({ onEntry: goDown });
        assert.equal((await session.run(turn.plan)).kind, "finished");
        assert.equal(turn.host.boots, 1);
        assertNothingLeft(turn.world);
    });
});

describe("a host that is put back after its API server was stopped", () => {
    it("gets users when its ingress answers again, not before: its pods were ended, too (TRAPS 63)", async () => {
        const turn = new Turn("cp1");
        const session = await turn.session({
            onEntry(entry, _count, stop) {
                if (isFinished(entry, "stop-api-server")) stop.ask("Ctrl-C");
            },
        });
        assert.equal((await session.run(turn.plan)).kind, "interrupted");
        assertNothingBroken(turn.world);
        assertNothingLeft(turn.world);
    });
});

describe("a host that gets pods again after its drain", () => {
    it("is not rebooted but put back, when somebody has uncordoned it", async () => {
        const turn = new Turn("w1");
        const session = await turn.session({
            onEntry(entry) {
                if (!isFinished(entry, "volumes-detached")) return;
                turn.host.cordonedBy = undefined;
                turn.world.pods.set("p", { uid: "p", owner: "app", storage: false, node: "w1", readyAt: 0 });
            },
        });
        const outcome = await session.run(turn.plan);
        assert.ok(outcome.kind === "refused");
        assert.match(outcome.why, /node w1 was uncordoned .*; pod default\/p came to w1 after its drain/);
        assert.equal(turn.host.boots, 0);
        assertNothingBroken(turn.world);
        assertNothingLeft(turn.world);
    });
});

describe("a control plane that leads etcd again after its API server has stopped", () => {
    it("gives leadership away once more before the order to reboot (TRAPS 3)", async () => {
        const turn = new Turn("cp1");
        const session = await turn.session({
            onEntry(entry) {
                if (isFinished(entry, "gate-again")) turn.world.leader = "cp1";
            },
        });
        assert.equal((await session.run(turn.plan)).kind, "finished");
        assertNothingBroken(turn.world);
        assertAllBooted(turn.world, turn.plan);
    });
});

describe("a host that cannot be put back", () => {
    it("says what failed, and why it was to be put back", async () => {
        const turn = new Turn("cp1");
        const fate: Fate = {
            onEntry(entry, _count, stop) {
                if (!isFinished(entry, "cordon")) return;
                stop.ask("Ctrl-C");
                turn.world.apiErrors = 1;
            },
        };
        const session = await turn.session(fate);
        await assert.rejects(
            session.run(turn.plan),
            /^TurnFailed: cp1 failed in phase undo-cordon: connection refused; it was to be put back, because .*Ctrl-C/,
        );
    });
});
