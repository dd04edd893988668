import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RebootPlan } from "../../../../maintenance/actions/reboot/rebootPlan";
import { carryOut } from "../../../../maintenance/cli/carryOut";
import { EXIT, exitCodeOf } from "../../../../maintenance/cli/exitCodes";
import { takeBack } from "../../../../maintenance/cli/runAbort";
import { holderText } from "../../../../maintenance/workflow/lockHolder";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { assertNothingLeft } from "../actions/reboot/simulation/invariants";
import { quietWorld, type World } from "../actions/reboot/simulation/world";
import { simExecution } from "./simExecution";

const PLAN: RebootPlan = {
    steps: [
        { role: "worker", hosts: ["w1", "w2"] },
        { role: "worker", hosts: ["w3"] },
        { role: "control-plane", hosts: ["cp1"] },
    ],
    skipped: [],
};

const tainted = (world: World) =>
    [...world.hosts.values()].filter(({ avoided }) => avoided).map(({ host }) => host.name);

describe("an abort with everything around it", () => {
    let folder: string;
    let world: World;
    const open = async () => (await simExecution(world, folder, PLAN)).execution;
    /** w1 does not come back from its reboot. */
    beforeEach(async () => {
        folder = mkdtempSync(join(tmpdir(), "run-"));
        world = quietWorld(sampleInventory());
        world.hosts.get("w1")!.trouble = "never-back";
        await assert.rejects(carryOut(await open()), /w1 failed in phase reboot/);
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("of a run with a dead host leaves no taint on any other, and says what to do when that is gone for good", async () => {
        assert.deepEqual(tainted(world), ["cp1", "w1", "w2", "w3"]);
        await assert.rejects(
            takeBack(await open()),
            /w1 failed in phase reboot: .*the run keeps its lock: see to w1, then run `quorate abort` again; when w1 is gone for good, take it out of the configuration .*`quorate unlock --run run-1`/,
        );
        assert.deepEqual(tainted(world), []);
        assert.match(world.lease?.holder ?? "", /run run-1$/);
    });

    it("passes over hosts that have left the configuration", async () => {
        const { inventory } = world;
        const hosts = inventory.hosts.filter(({ name }) => name !== "w1");
        world = { ...world, inventory: { ...inventory, hosts } };
        const { execution, printed } = await simExecution(world, folder, PLAN);
        assert.equal(await takeBack(execution), EXIT.ok);
        assert.match(printed().err, /w1: skipped: it is no longer in the configuration\n[^]*run run-1 is over/);
        world.hosts.delete("w1");
        assertNothingLeft(world);
        assert.equal(world.lease?.holder, "");
    });

    it("ends with 75 when its lock was lost, and tells nobody that it stopped", async () => {
        const { execution, printed } = await simExecution(world, folder, PLAN);
        world.now += 200_000;
        const holder = holderText({ user: "bob", machine: "laptop", pid: 12, runId: "run-2" });
        world.lease = { ...world.lease!, holder, resourceVersion: "thief" };
        const error: unknown = await takeBack(execution).catch((thrown: unknown) => thrown);
        assert.match(String(error), /bob@laptop pid 12 run run-2 has it now/);
        assert.equal(exitCodeOf(error), EXIT.locked);
        assert.doesNotMatch(printed().err, /the lock was lost/);
        assert.deepEqual(tainted(world), ["cp1", "w1", "w2", "w3"]);
    });
});
