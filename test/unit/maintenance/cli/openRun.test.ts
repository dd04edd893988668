import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { writeSettings } from "../../../../maintenance/actions/reboot/runSettings";
import { findRun, workOnRun } from "../../../../maintenance/cli/openRun";
import type { NewEntry } from "../../../../maintenance/workflow/journal";
import { openJournalFile } from "../../../../maintenance/workflow/journalFile";
import { LockHeldError } from "../../../../maintenance/workflow/lockErrors";
import { holderText } from "../../../../maintenance/workflow/lockHolder";
import { journalPath, makeRunFolder, runsFolder } from "../../../../maintenance/workflow/runFolder";
import { Duration } from "../../../../model/duration";
import { fakeClock } from "../../../fakes/fakeClock";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { random } from "../actions/reboot/simulation/random";
import { simPorts } from "../actions/reboot/simulation/simPorts";
import { SETTINGS } from "../actions/reboot/simulation/simSession";
import { quietWorld } from "../actions/reboot/simulation/world";
import { fakeIo } from "./fakeIo";
import { simCluster } from "./simExecution";

const STOPPED: NewEntry = { kind: "end", outcome: "stopped", detail: "refused" };
const FINISHED: NewEntry = { kind: "end", outcome: "finished" };
const OPTIONS = { cwd: "/", json: false, timeout: Duration.seconds(1), probe: false };

describe("the run that resume and abort go on with", () => {
    const { inventory } = quietWorld(sampleInventory());
    let folder: string;
    let runs: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "state-"));
        runs = runsFolder(inventory.clusterName, { XDG_STATE_HOME: folder });
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    async function write(runId: string, ...entries: NewEntry[]): Promise<void> {
        makeRunFolder(runs, runId);
        const journal = openJournalFile(journalPath(runs, runId), fakeClock());
        const plan = { steps: [], skipped: [] };
        const settings = writeSettings(SETTINGS);
        await journal.append({ kind: "run", runId, action: "reboot", cluster: "sample", plan, settings });
        for (const entry of entries) await journal.append(entry);
        journal.close();
    }

    it("is the newest, and an older one only by its name", async () => {
        await write("20261021-220000-aaaa", STOPPED);
        await write("20261121-220000-bbbb", FINISHED);
        assert.throws(
            () => findRun(runs, undefined),
            /the newest run, 20261121-220000-bbbb, has ended and nothing of it is left to do; write --run ID/,
        );
        assert.equal(findRun(runs, "20261021-220000-aaaa").runId, "20261021-220000-aaaa");
        await write("20261122-220000-cccc", STOPPED);
        assert.equal(findRun(runs, undefined).runId, "20261122-220000-cccc");
        // Killed before its first entry.
        makeRunFolder(runs, "20261123-220000-dddd");
        assert.equal(findRun(runs, undefined).runId, "20261122-220000-cccc");
    });

    it("is refused when it is not there or has ended", async () => {
        assert.throws(() => findRun(runs, undefined), /there is no run in .*; run this on the machine/);
        await write("20261021-220000-aaaa", FINISHED);
        assert.throws(() => findRun(runs, "20261021-220000-aaaa"), /run 20261021-220000-aaaa has ended/);
        assert.throws(() => findRun(runs, "20261021-220000-ffff"), /there is no run 20261021-220000-ffff in/);
    });

    async function resume(holderPid: number) {
        const runId = "20261121-220000-aaaa";
        await write(runId);
        appendFileSync(journalPath(runs, runId), '{"kind":"host","ti');
        const world = quietWorld(sampleInventory());
        const now = new Date();
        const holder = holderText({ user: "ann", machine: hostname(), pid: holderPid, runId });
        world.lease = { holder, acquiredAt: now, renewedAt: now, durationSeconds: 60, resourceVersion: "1" };
        const { io } = fakeIo({ environment: { XDG_STATE_HOME: folder } });
        const cluster = simCluster(
            world,
            simPorts(world, random(1), () => undefined),
        );
        const text = () => readFileSync(journalPath(runs, runId), "utf8");
        const before = text();
        const ended = workOnRun(cluster, OPTIONS, io, ({ journal }) => {
            journal.close();
            return Promise.resolve(journal.entries.length);
        });
        return { ended, before, text };
    }

    it("keeps its journal as it is while its own process is alive", async () => {
        const { ended, before, text } = await resume(process.ppid);
        await assert.rejects(ended, LockHeldError);
        assert.equal(text(), before);
    });

    it("loses the unfinished last line of its journal once the lock is ours", async () => {
        const { ended, before, text } = await resume(process.pid);
        assert.equal(await ended, 1);
        assert.equal(text(), before.slice(0, before.lastIndexOf("\n") + 1));
    });
});
