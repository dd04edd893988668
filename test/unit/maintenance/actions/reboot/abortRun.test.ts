import assert from "node:assert/strict";
import { TurnFailed } from "../../../../../maintenance/actions/reboot/rebootTurn";
import type { RebootPlan } from "../../../../../maintenance/actions/reboot/rebootPlan";
import type { JournalEntry } from "../../../../../maintenance/workflow/journal";
import { holderText } from "../../../../../maintenance/workflow/lockHolder";
import { LockLostError } from "../../../../../maintenance/workflow/lockErrors";
import { sampleInventory } from "../../../../fakes/sampleCluster";
import { assertAllBooted, assertNothingLeft } from "./simulation/invariants";
import { random } from "./simulation/random";
import { openSession, type Fate } from "./simulation/simSession";
import { quietWorld, type World } from "./simulation/world";

const PLAN: RebootPlan = {
    steps: [
        { role: "worker", hosts: ["w1", "w2"] },
        { role: "worker", hosts: ["w3"] },
    ],
    skipped: [],
};

/** The same cluster after `pulumi up` without this host. */
function without(world: World, gone: string): World {
    const hosts = world.inventory.hosts.filter(({ name }) => name !== gone);
    return { ...world, inventory: { ...world.inventory, hosts } };
}

/** A host that was to be rebooted and has died for good, in a group with another one. */
describe("a run with a host that is gone for good", () => {
    let world: World;
    let entries: JournalEntry[];
    let pid = 100;
    const open = (fate: Fate = {}) => openSession(world, random(1), entries, { pid: pid++, fate });
    const failsAt = (host: string) => (error: unknown) => error instanceof TurnFailed && error.host === host;

    /** Both have been told to reboot, and the driver gives up before w2 is back in use. */
    const apiFailsAtTheEnd = (entry: JournalEntry) => {
        if (entry.kind === "phase" && entry.host === "w2" && entry.phase === "uncordon") world.apiErrors = 1;
    };

    beforeEach(() => {
        world = quietWorld(sampleInventory());
        entries = [];
        world.hosts.get("w1")!.trouble = "never-back";
    });

    it("is taken back as far as it goes: the others lose their taints, and those under way are finished", async () => {
        await assert.rejects((await open({ onEntry: apiFailsAtTheEnd })).run(PLAN));
        world.apiErrors = 0;
        await assert.rejects((await open()).abort(PLAN), failsAt("w1"));
        const others = [...world.hosts.values()].filter(({ host }) => host.name !== "w1");
        assert.deepEqual(others.filter(({ avoided, cordonedBy }) => avoided || cordonedBy).length, 0);
        assert.equal(world.hosts.get("w2")!.boots, 1);
        assert.equal(world.hosts.get("w1")!.avoided, false);
    });

    it("ends by abort or resume once the host has left the configuration", async () => {
        for (const way of ["abort", "run"] as const) {
            world = quietWorld(sampleInventory());
            entries = [];
            world.hosts.get("w1")!.trouble = "never-back";
            await assert.rejects((await open()).run(PLAN), failsAt("w1"));
            world = without(world, "w1");
            await (await open())[way](PLAN);
            world.hosts.delete("w1");
            assertNothingLeft(world);
            const last = entries.findLast((entry) => "host" in entry && entry.host === "w1");
            assert.ok(last?.kind === "host" && last.state === "skipped", JSON.stringify(last));
            if (way === "run") assertAllBooted(world, { ...PLAN, steps: [{ role: "worker", hosts: ["w2", "w3"] }] });
        }
    });

    it("sees to no other host once the lock is lost, and says so", async () => {
        world.hosts.get("w1")!.trouble = "none";
        await assert.rejects((await open({ onEntry: apiFailsAtTheEnd })).run(PLAN));
        world.apiErrors = 0;
        const before = entries.length;
        const onEntry = (entry: JournalEntry) => {
            if (entry.kind !== "phase" || entry.state !== "started") return;
            world.now += 200_000;
            const holder = holderText({ user: "bob", machine: "other", pid: 1, runId: "run-2" });
            world.lease = { ...world.lease!, holder, resourceVersion: "thief" };
        };
        await assert.rejects((await open({ onEntry })).abort(PLAN), LockLostError);
        const touched = entries.slice(before).map((entry) => "host" in entry && entry.host);
        assert.deepEqual([...new Set(touched)], ["w1"]);
    });
});
