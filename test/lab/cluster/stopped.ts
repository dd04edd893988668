import assert from "node:assert/strict";
import { until } from "../../../lab/wait";
import type { ClusterLab } from "../clusterLab";
import { Beside, HeldRun } from "./beside";
import { blockingBudget, kubectlOk, removeIdle, startIdle } from "./pods";
import { journal } from "./runFolders";
import { bootIds, lockHolder, nothingLeft, traces, unchanged } from "./traces";

/** A run may trust its own last renewal for 30 s: a pause has to be longer to be noticed before the next change. */
const TRUSTED_MS = 30_000;
/** Until its next boot the host powers off whenever it is told to reboot. */
const POWER_OFF_INSTEAD =
    "mkdir -p /run/systemd/system && ln -sf /usr/lib/systemd/system/poweroff.target /run/systemd/system/reboot.target && systemctl daemon-reload";

export function stopped(lab: ClusterLab): void {
    it("puts a host back that a budget holds since the plan was made (F54)", async () => {
        try {
            await startIdle(lab, [{ name: "held", node: "cp3" }]);
            const before = await traces(lab);
            const { status, stderr } = await lab.quorate(...budgetComesLater(lab), "--drain-timeout", "15s");
            assert.equal(status, 4, stderr);
            assert.match(stderr, /pod default\/held is held by PodDisruptionBudget default\/idle \(.*\); scale the/);
            assert.deepEqual(undone(lab), ["cordon", "leave-ingress"]);
            await unchanged(lab, before);
        } finally {
            await removeIdle(lab);
        }
    });

    it("puts a host back whose pod does not end; one that has ended and has a finalizer is no reason (F54)", async () => {
        try {
            await startIdle(lab, [
                { name: "slow", node: "cp3", slow: true },
                { name: "ended", node: "cp3", finalizer: "quorate.test/kept" },
            ]);
            const before = await traces(lab);
            const words = ["--host", "cp3", "--no-probe", "--drain-timeout", "15s"];
            const { status, stderr } = await lab.quorate("reboot", ...words);
            assert.equal(status, 4, stderr);
            assert.match(
                stderr,
                /waited 15s for the evicted pods to leave cp3; last seen: pod default\/slow is ending;/,
            );
            assert.deepEqual(undone(lab), ["cordon", "leave-ingress"]);
            await unchanged(lab, before);
        } finally {
            await removeIdle(lab);
        }
    });

    it("changes nothing more when its lock was taken while it was paused (F48)", async () => {
        const before = await traces(lab);
        const run = await HeldRun.start(lab, "w1");
        try {
            run.signal("SIGSTOP");
            await untilUntrusted(lab);
            await expireLock(lab);
            const { status, stdout, stderr } = await lab.quorate("unlock", "--run", run.id);
            assert.equal(status, 0, stderr);
            assert.match(stdout, new RegExp(`the lock was taken from .* run ${run.id}`));
            const paused = await traces(lab);
            run.goOn();
            run.signal("SIGCONT");
            assert.equal(await run.ended, 75, run.said);
            assert.match(run.said, /the lock was lost: nobody has it now; this run changes nothing more/);
            assert.deepEqual(await traces(lab), paused);
        } finally {
            run.goOn();
            run.signal("SIGCONT");
        }
        const { status, stderr } = await lab.quorate("abort", "--no-probe");
        assert.equal(status, 0, stderr);
        await unchanged(lab, before);
    });

    it("is aborted after it was killed: what it has changed is put back, and nothing of anybody else", async () => {
        try {
            await startIdle(lab, [{ name: "held", node: "cp3" }]);
            const before = await traces(lab);
            const run = new Beside(lab.startQuorate(...budgetComesLater(lab)));
            await run.untilSaid(/pod default\/held is held by/);
            run.signal("SIGKILL");
            await run.ended;
            await kubectlOk(lab, "cordon", "w2");
            const left = await traces(lab);
            assert.deepEqual(cordonedOf(left), ["cp3", "w2"]);
            assert.notDeepEqual(left.servers, before.servers);
            assert.notEqual(await lockHolder(lab), "");
            const { status, stderr } = await lab.quorate("abort", "--no-probe");
            assert.equal(status, 0, stderr);
            assert.match(stderr, /cp3 is as it was/);
            assert.deepEqual(cordonedOf(await traces(lab)), ["w2"]);
            await kubectlOk(lab, "uncordon", "w2");
            await unchanged(lab, before);
        } finally {
            await removeIdle(lab);
        }
    });

    it("stops at a host that does not come back, and goes on when somebody has brought it up (F52)", async () => {
        const before = await bootIds(lab);
        await lab.on("w1", POWER_OFF_INSTEAD);
        const words = ["--host", "w1", "w2", "--no-probe", "--boot-timeout", "45s"];
        const { status, stderr } = await lab.quorate("reboot", ...words);
        assert.equal(status, 1, stderr);
        assert.match(stderr, /w1 does not come back: no answer with a new boot id within 45s .*; look at its console/);
        assert.match(
            stderr,
            /no other host was touched after it; the run keeps its lock: see to w1, then run `quorate/,
        );
        const others = [...before.keys()].filter((host) => host !== "w1");
        assert.deepEqual(await bootIds(lab, others), new Map([...before].filter(([host]) => host !== "w1")));
        const second = await lab.quorate("reboot", "--host", "w3", "--no-probe");
        assert.equal(second.status, 75, second.stderr);
        assert.match(second.stderr, /it does not run any more, .*: run `quorate resume` or `quorate abort`/);
        assert.equal((await lab.lab("power", "w1", "on")).status, 0);
        const resumed = await lab.quorate("resume", "--no-probe");
        assert.equal(resumed.status, 0, resumed.stderr);
        const after = await bootIds(lab);
        const rebooted = [...before.keys()].filter((host) => before.get(host) !== after.get(host));
        assert.deepEqual(rebooted, ["w1", "w2"]);
        assert.equal(await lockHolder(lab), "");
        await nothingLeft(lab);
    });
}

/** A reboot of cp3 in whose first hook the budget comes: after the plan was made, before the drain. */
function budgetComesLater(lab: ClusterLab): string[] {
    const hook = `kubectl apply -f ${blockingBudget(lab, 1)}`;
    return ["reboot", "--host", "cp3", "--no-probe", "--hook-before", hook];
}

/** Phases of the newest run with something to undo that were undone, in that order. */
function undone(lab: ClusterLab): string[] {
    const names = journal(lab).flatMap((entry) =>
        entry.kind === "phase" && entry.state === "undone" ? [entry.phase] : [],
    );
    return names.filter((name) => ["cordon", "leave-ingress"].includes(name));
}

function cordonedOf({ nodes }: Awaited<ReturnType<typeof traces>>): string[] {
    return nodes.filter(({ cordoned }) => cordoned).map(({ node }) => node);
}

/** Waits until the lock's last renewal is so old that a run asks before it changes anything. */
async function untilUntrusted(lab: ClusterLab): Promise<void> {
    const renewed = ["-n", "kube-system", "get", "lease", "quorate-maintenance", "-o", "jsonpath={.spec.renewTime}"];
    await until({
        what: "the lock's last renewal to be old",
        deadlineMs: 2 * TRUSTED_MS,
        intervalMs: 1000,
        observe: async () => Date.now() - Date.parse((await lab.kubectl(...renewed)).stdout),
        satisfied: (age) => age > TRUSTED_MS,
        describe: (age) => `${age} ms old`,
    });
}

/** Makes the lock look as it does when its holder has been silent for 90 s, which is when `unlock` may take it. */
async function expireLock(lab: ClusterLab): Promise<void> {
    const renewTime = new Date(Date.now() - 120_000).toISOString().replace("Z", "000Z");
    const patch = ["--type=merge", "--patch", JSON.stringify({ spec: { renewTime } })];
    await kubectlOk(lab, "-n", "kube-system", "patch", "lease", "quorate-maintenance", ...patch);
}
