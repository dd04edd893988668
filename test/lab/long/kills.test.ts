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
const EARLIEST_SECONDS = 0.2;
/** The latest moment, as a share of an undisturbed creation: with a longer one few kills are left that find something to break. */
const LATEST_SHARE = 0.4;
const SHOWN = 30;

/** A seed makes the same moments again: QUORATE_KILL_SEED=N npm run test:long -- kills */
const SEED = Number(process.env["QUORATE_KILL_SEED"] ?? randomInt(2 ** 31));

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
        const moments: string[] = [];
        for (let count = 0; count < KILLS; count++) moments.push(await killedOnce(count));
        console.log(`      ${moments.join(", ")}`);
        await applied(lab);
        const { status, stdout, stderr } = await lab.pulumi("preview", "--expect-no-changes");
        assert.equal(status, 0, stdout + stderr);
        const killed = await likeness(lab);
        for (const part of ["members", "files", "objects"] as const) {
            const lines = difference(undisturbed[part], killed[part]);
            assert.deepEqual(lines.slice(0, SHOWN), [], `${lines.length} ${part} differ`);
        }
    });

    /** One `up` that is ended at a random moment. @returns what was done to it, in words */
    async function killedOnce(count: number): Promise<string> {
        const random = (stream: string) => seeded(SEED, stream, count);
        const wait = EARLIEST_SECONDS + random("moment") * (LATEST_SHARE * seconds - EARLIEST_SECONDS);
        const end = random("signal") < 0.7 ? crash : interrupt;
        const up = lab.startUp();
        // Both pipes have to be read, or it stands still.
        for (const stream of [up.stdout, up.stderr]) stream?.resume();
        const ended = once(up, "exit");
        const early = await Promise.race([ended.then(([code]) => String(code)), pause(wait * 1000)]);
        await end(up);
        await lab.pulumi("cancel", "--yes");
        const what = early === undefined ? (end === crash ? "killed" : "interrupted") : `had ended with ${early}`;
        return `${what} after ${wait.toFixed(1)} s`;
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
