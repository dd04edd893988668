import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT, exitCodeOf } from "../../../../maintenance/cli/exitCodes";
import type { Io } from "../../../../maintenance/cli/io";
import type { RebootOptions } from "../../../../maintenance/cli/rebootOptions";
import { rebootCluster } from "../../../../maintenance/cli/runReboot";
import { runsFolder } from "../../../../maintenance/workflow/runFolder";
import { Duration } from "../../../../model/duration";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { random } from "../actions/reboot/simulation/random";
import { simPorts } from "../actions/reboot/simulation/simPorts";
import { quietWorld } from "../actions/reboot/simulation/world";
import { fakeIo } from "./fakeIo";
import { simCluster } from "./simExecution";

const limit = Duration.seconds(60);
const OPTIONS: RebootOptions = {
    cwd: "/",
    json: false,
    timeout: limit,
    probe: false,
    host: ["w1"],
    role: [],
    onlyRequired: false,
    dryRun: false,
    maxParallelWorkers: 1,
    policy: "block",
    takeAddressBack: false,
    sessionsTimeout: limit,
    drainTimeout: limit,
    volumesTimeout: limit,
    bootTimeout: limit,
    readyTimeout: limit,
};

describe("a reboot from its first request on", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "state-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    function setUp() {
        const world = quietWorld(sampleInventory());
        const ports = simPorts(world, random(1), () => undefined);
        let interrupt: () => void = () => assert.fail("nobody listens to signals");
        const change: Partial<Io> = {
            environment: { XDG_STATE_HOME: folder },
            onInterrupt: (stop) => (interrupt = stop),
        };
        const { io, printed } = fakeIo(change);
        const reboot = (options: Partial<RebootOptions> = {}) =>
            rebootCluster(simCluster(world, ports), { ...OPTIONS, ...options }, io);
        const runs = runsFolder(world.inventory.clusterName, io.environment);
        return { world, ports, reboot, printed, runs, interrupt: () => interrupt() };
    }

    /** 130, and nothing is left: no run, no lock, no change. */
    async function assertInterrupted({ world, runs }: ReturnType<typeof setUp>, ended: Promise<number>) {
        const error: unknown = await ended.catch((thrown: unknown) => thrown);
        assert.equal(exitCodeOf(error), EXIT.interrupted, String(error));
        assert.match(String(error), /interrupted: a signal came before anything was changed/);
        assert.equal(world.lease?.holder, "");
        assert.ok(!existsSync(runs));
        assert.equal(world.hosts.get("w1")!.boots, 0);
    }

    it("gives its lock up and ends with 130 at a signal while it plans, whatever does not answer", async () => {
        const run = setUp();
        run.ports.nodes.list = () => {
            assert.match(run.world.lease?.holder ?? "", /planning$/);
            run.interrupt();
            return new Promise(() => undefined);
        };
        await assertInterrupted(run, run.reboot());
    });

    it("does the same at a signal while it takes the lock", async () => {
        const run = setUp();
        const { create } = run.ports.lease;
        run.ports.lease.create = (record) => {
            run.interrupt();
            return create(record);
        };
        await assertInterrupted(run, run.reboot());
    });

    it("gives its lock up when it is refused, and when there is nothing to reboot", async () => {
        const { world, ports, reboot, printed } = setUp();
        world.hosts.get("w2")!.upAt = Infinity;
        await assert.rejects(reboot(), /w2 does not answer SSH/);
        assert.equal(world.lease?.holder, "");
        world.hosts.get("w2")!.upAt = 0;
        ports.hosts.rebootRequired = () => Promise.resolve(false);
        assert.equal(await reboot({ onlyRequired: true }), EXIT.ok);
        assert.equal(world.lease?.holder, "");
        assert.match(printed().out, /Nothing to reboot/);
    });

    it("heeds a signal between its plan and its first host", async () => {
        const { world, ports, reboot, interrupt } = setUp();
        const setAvoided = ports.nodes.setAvoided;
        ports.nodes.setAvoided = (names, avoided) => {
            interrupt();
            return setAvoided(names, avoided);
        };
        assert.equal(await reboot(), EXIT.interrupted);
        assert.equal(world.hosts.get("w1")!.boots, 0);
        assert.equal(world.lease?.holder, "");
    });

    it("reboots what it has planned", async () => {
        const { world, reboot } = setUp();
        assert.equal(await reboot(), EXIT.ok);
        assert.equal(world.hosts.get("w1")!.boots, 1);
        assert.equal(world.lease?.holder, "");
    });
});
