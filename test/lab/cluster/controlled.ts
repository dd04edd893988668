import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ClusterLab } from "../clusterLab";
import { HeldRun } from "./beside";
import { kubectlOk } from "./pods";
import { assertWithout, secretsOf } from "./secrets";
import { bootIds, traces, unchanged } from "./traces";
import { Webhook } from "./webhook";

const W1 = ["reboot", "--host", "w1", "--no-probe"];

export function controlled(lab: ClusterLab): void {
    it("begins no host while its window is closed", async () => {
        const before = await traces(lab);
        const { status, stderr } = await lab.quorate(...W1, "--window", closedWindow());
        assert.equal(status, 4, stderr);
        assert.match(stderr, /the window .* is closed; nothing is left half done; not rebooted: w1; `quorate resume`/);
        await unchanged(lab, before);
        const aborted = await lab.quorate("abort", "--no-probe");
        assert.equal(aborted.status, 0, aborted.stderr);
        assert.match(aborted.stderr, /is over; nothing had to be put back/);
    });

    it("tells hooks and a webhook, and leaves a node cordoned for the person who has done that (F55)", async () => {
        const [before, file] = [await bootIds(lab, ["w1"]), path.join(lab.state, "hooks")];
        const hooks = ["before", "after"].flatMap((when) => [`--hook-${when}`, `echo ${when} $HOST $ROLE >> ${file}`]);
        const webhook = await Webhook.open(lab);
        try {
            await kubectlOk(lab, "cordon", "w1");
            const { status, stderr } = await lab.quorate(...W1, ...hooks, "--notify", webhook.url);
            assert.equal(status, 0, stderr);
            assert.notEqual((await bootIds(lab, ["w1"])).get("w1"), before.get("w1"));
            assert.equal(await kubectlOk(lab, "get", "node", "w1", "-o", "jsonpath={.spec.unschedulable}"), "true");
            assert.equal(readFileSync(file, "utf8"), "before w1 worker\nafter w1 worker\n");
            assert.deepEqual(
                webhook.notices.map(({ cluster, state }) => `${cluster} ${state}`),
                ["lab started", "lab finished"],
            );
            assertWithout(webhook.bodies.join("\n"), await secretsOf(lab), "what the webhook was told");
        } finally {
            await kubectlOk(lab, "uncordon", "w1");
            await webhook.close();
        }
    });

    it("puts a host back and gives the lock up when the hook before it fails", async () => {
        const before = await traces(lab);
        const hook = "echo no ticket for $HOST >&2; exit 3";
        const { status, stderr } = await lab.quorate(...W1, "--hook-before", hook);
        assert.equal(status, 4, stderr);
        assert.match(stderr, /^no ticket for w1$/m);
        assert.match(stderr, /reboot of w1 refused: --hook-before: the command ended with exit status 3; expected 0/);
        await unchanged(lab, before);
    });

    it("lets no second run begin (F47), and puts its host back at a signal", async () => {
        const before = await traces(lab);
        const run = await HeldRun.start(lab, "w1");
        try {
            const { status, stderr } = await lab.quorate("reboot", "--host", "w2", "--no-probe");
            assert.equal(status, 75, stderr);
            const holder = `\\S+@\\S+ pid ${run.pid} run ${run.id}`;
            assert.match(
                stderr,
                new RegExp(`under maintenance by ${holder}, since .*; nothing was changed; wait until`),
            );
            run.signal("SIGTERM");
        } finally {
            run.goOn();
        }
        assert.equal(await run.ended, 130, run.said);
        await unchanged(lab, before);
    });
}

/** An hour of a day that is neither today nor near it. */
function closedWindow(): string {
    const day = new Date(Date.now() + 3 * 24 * 3_600_000);
    return `${day.toLocaleDateString("en-US", { weekday: "short", timeZone: "UTC" })} 00:00-01:00 UTC`;
}
