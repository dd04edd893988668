import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { seeded } from "../../../maintenance/probe/seeded";
import { ClusterLab } from "../clusterLab";
import { memberNames } from "../cluster/changed";
import { healthy } from "../cluster/healthy";
import { startOver } from "../cluster/interrupted";
import { HOSTS } from "../cluster/traces";
import { crash, interrupt } from "../killed";
import { difference } from "../likeness/canonical";
import { clusterObjects } from "../likeness/clusterObjects";
import { hostFiles } from "../likeness/hostFiles";
import { applied, preparedCluster } from "../preparedCluster";

const KILLS = 30;
/** So many must meet an `up` that still runs, or the test has shown little. */
const LEAST_HITS = 20;
const EARLIEST_SECONDS = 0.2;
/** The latest moment, as a share of an undisturbed creation: with a longer one few kills are left that find something to break. */
const LATEST_SHARE = 0.4;
const SHOWN = 30;

/** A seed makes the same moments again: QUORATE_KILL_SEED=N npm run test:long -- kills */
const SEED = Number(process.env["QUORATE_KILL_SEED"] ?? randomInt(2 ** 31));

/** What `pulumi cancel` may fail with: the `up` has left no lock. */
const NOTHING_TO_CANCEL = /nothing to cancel|no (running )?update|not found/i;

interface Kill {
    /** Whether the `up` still ran when it was ended. */
    readonly alive: boolean;
    /** What was done to it, in words. */
    readonly what: string;
}

interface Likeness {
    readonly files: readonly string[];
    readonly objects: readonly string[];
    readonly members: readonly string[];
}

/** Two creations on the same hosts, one undisturbed and one killed again and again: nobody can tell which was which. */
describe("a creation that is killed thirty times", function () {
    this.timeout(60 * 60_000);
    const lab = new ClusterLab();
    let undisturbed: Likeness;
    let seconds: number;

    before(async function () {
        await preparedCluster(this, lab, Object.fromEntries(HOSTS.map((name) => [name, ""])));
    });
    after(async () => lab.stop());

    it("is looked at undisturbed first", async () => {
        ({ seconds } = await applied(lab));
        undisturbed = await likeness(lab);
        console.log(
            `      made in ${seconds.toFixed(1)} s: ${undisturbed.files.length} files, ${undisturbed.objects.length} objects`,
        );
    });

    it("ends, after one more pulumi up, in the same cluster: files on hosts, members, objects", async () => {
        await startOver(lab);
        console.log(`      seed ${SEED}`);
        const kills: Kill[] = [];
        for (let count = 0; count < KILLS; count++) kills.push(await killedOnce(count));
        const told = kills.map(({ what }) => what).join(", ");
        console.log(`      ${told}`);
        const hits = kills.filter(({ alive }) => alive).length;
        assert.ok(hits >= LEAST_HITS, `${hits} of ${KILLS} met an up that ran, wanted ${LEAST_HITS}: ${told}`);
        await applied(lab);
        const { status, stdout, stderr } = await lab.pulumi("preview", "--expect-no-changes");
        assert.equal(status, 0, stdout + stderr);
        const killed = await likeness(lab);
        for (const part of ["members", "files", "objects"] as const) {
            const lines = difference(undisturbed[part], killed[part]);
            assert.deepEqual(lines.slice(0, SHOWN), [], `${lines.length} ${part} differ`);
        }
    });

    /** One `up` that is ended at a random moment. */
    async function killedOnce(count: number): Promise<Kill> {
        const random = (stream: string) => seeded(SEED, stream, count);
        const wait = EARLIEST_SECONDS + random("moment") * (LATEST_SHARE * seconds - EARLIEST_SECONDS);
        const end = random("signal") < 0.7 ? crash : interrupt;
        const up = lab.startUp();
        // Both pipes have to be read, or it stands still.
        for (const stream of [up.stdout, up.stderr]) stream?.resume();
        await Promise.race([once(up, "exit"), pause(wait * 1000)]);
        const alive = up.exitCode === null && up.signalCode === null;
        const what = alive
            ? end === crash
                ? "killed"
                : "interrupted"
            : `had ended with ${up.exitCode ?? up.signalCode}`;
        await end(up);
        const cancelled = await lab.pulumi("cancel", "--yes");
        const said = cancelled.stdout + cancelled.stderr;
        if (cancelled.status !== 0) assert.match(said, NOTHING_TO_CANCEL);
        return { alive, what: `${what} after ${wait.toFixed(1)} s` };
    }
});

async function likeness(lab: ClusterLab): Promise<Likeness> {
    await healthy(lab);
    return {
        files: HOSTS.flatMap((host) => hostFiles(lab, host)),
        objects: await clusterObjects(lab),
        members: await memberNames(lab),
    };
}
