import assert from "node:assert/strict";
import { cordon } from "../../../../../maintenance/phases/reboot/cordon";
import { awaitProof } from "../../../../../maintenance/phases/reboot/awaitProof";
import { evictRest } from "../../../../../maintenance/phases/reboot/evictRest";
import { evictStorage } from "../../../../../maintenance/phases/reboot/evictStorage";
import { leaveIngress } from "../../../../../maintenance/phases/reboot/leaveIngress";
import { volumesDetached } from "../../../../../maintenance/phases/reboot/volumesDetached";
import { InterruptedError } from "../../../../../maintenance/workflow/interruptedError";
import { fakeClock } from "../../../../fakes/fakeClock";
import { RebootingHost } from "./rebootingHost";

const blocked = { kind: "blocked", budget: "shop/shop", reason: "needs 2 healthy pods and has 2" } as const;

describe("leaving ingress", () => {
    it("is for hosts that carry the ingress proxy", () => {
        assert.equal(leaveIngress.shouldRun?.(new RebootingHost("w1").scope), false);
        assert.equal(leaveIngress.shouldRun?.(new RebootingHost("cp1").scope), true);
    });

    it("waits until no session is left, and is put back by undo", async () => {
        const host = new RebootingHost("cp1");
        host.sessions = [3, 1, 0];
        await leaveIngress.run(host.scope);
        assert.deepEqual([host.sessions, host.warnings], [[0], []]);
        await leaveIngress.undo?.(host.scope);
        assert.deepEqual(host.done, ["cp1 maint", "cp1 ready"]);
    });

    it("goes on after the deadline, and says how many sessions the reboot ends", async () => {
        const host = new RebootingHost("cp1");
        host.sessions = [2];
        await leaveIngress.run(host.scope);
        assert.match(host.warnings[0] ?? "", /2 sessions in ingress-http on lb1; the reboot ends them/);
    });
});

describe("draining a host", () => {
    it("cordons in the name of the run", async () => {
        const host = new RebootingHost("w1");
        await cordon.run(host.scope);
        await cordon.undo?.(host.scope);
        assert.deepEqual(host.done, ["cordon w1 run-1", "uncordon w1 run-1"]);
    });

    it("evicts pods with storage first, then the rest, and waits for all replacements", async () => {
        const host = new RebootingHost("w1");
        host.pod("shop-1");
        host.pod("db-0", { storage: true });
        host.unsettled = [["Deployment shop/shop has 2 of 3 pods available"], []];
        await evictStorage.run(host.scope);
        assert.deepEqual(host.done, ["note evicted-storage", "evict db-0"]);
        await evictRest.run(host.scope);
        assert.deepEqual(host.done.slice(2), [
            "note evicted-rest",
            "evict shop-1",
            "settle db-0 shop-1",
            "settle db-0 shop-1",
        ]);
    });

    it("asks again while a budget holds a pod", async () => {
        const host = new RebootingHost("w1");
        host.pod("shop-1");
        host.evictions = (_, attempt) => (attempt < 5 ? blocked : { kind: "evicted" });
        await evictRest.run(host.scope);
        assert.ok(host.done.includes("evict shop-1"));
    });

    it("ends with the budget's name when it holds a pod for too long (F54)", async () => {
        const host = new RebootingHost("w1");
        host.pod("shop-1");
        host.evictions = () => blocked;
        await assert.rejects(evictRest.run(host.scope), {
            name: "BlockedError",
            message:
                /reboot of w1 refused: pod shop\/shop-1 is held by PodDisruptionBudget shop\/shop \(needs 2 healthy/,
        });
    });

    it("deletes what is held when the policy is to force", async () => {
        const host = new RebootingHost("w1");
        host.policy = "force";
        host.pod("shop-1");
        host.evictions = () => blocked;
        await evictRest.run(host.scope);
        assert.ok(host.done.includes("delete shop-1"));
        assert.match(host.warnings[0] ?? "", /deleted, although pod shop\/shop-1 is held/);
    });

    it("still waits for replacements of what it evicted before it died", async () => {
        const host = new RebootingHost("w1");
        host.notes.set(
            "evicted-rest",
            JSON.stringify([{ namespace: "shop", name: "shop-1", owner: "Deployment/shop" }]),
        );
        await evictRest.run(host.scope);
        assert.deepEqual(host.done, ["settle shop-1"]);
    });

    it("puts the host back when replacements do not come", async () => {
        const host = new RebootingHost("w1");
        host.pod("shop-1");
        host.unsettled = [["Deployment shop/shop has 2 of 3 pods available"]];
        await assert.rejects(evictRest.run(host.scope), { name: "BlockedError", message: /has 2 of 3 pods available/ });
    });

    it("tells each reason that holds a pod once, however often it asks", async () => {
        const host = new RebootingHost("w1");
        host.pod("shop-1");
        host.pod("shop-2");
        host.evictions = (_, attempt) => (attempt < 5 ? blocked : { kind: "evicted" });
        await evictRest.run(host.scope);
        assert.deepEqual(
            host.reports.map((line) => line.split(" is held")[0]),
            ["pod shop/shop-1", "pod shop/shop-2"],
        );
    });

    it("goes on without a pod that does not end, when the policy is to force (F54)", async () => {
        const host = new RebootingHost("w1");
        host.policy = "force";
        host.endless.add(host.pod("db-0", { storage: true }).uid);
        await evictStorage.run(host.scope);
        assert.deepEqual(host.warnings, [
            "waited 60s for the evicted pods to leave w1; last seen: pod shop/db-0 is ending",
        ]);
        await evictRest.run(host.scope);
        assert.deepEqual(host.done, ["note evicted-storage", "evict db-0", "settle db-0"]);
    });

    it("evicts what comes to the cordoned host until the drain's time is over, then refuses", async () => {
        const host = returning("w1", { owner: "Deployment/shop" });
        await assert.rejects(evictRest.run(host.scope), {
            name: "BlockedError",
            message:
                /^reboot of w1 refused: pod shop\/shop-\d+ came to w1 after it was cordoned; look what puts it there .*, then run again$/,
        });
        const evictions = host.done.filter((what) => what.startsWith("evict"));
        assert.ok(evictions.length > 5 && evictions.length < 40, `${evictions.length} in 60 s`);
    });

    it("goes on with what comes to the cordoned host when the policy is to force", async () => {
        const host = returning("w1", { owner: "Deployment/shop" });
        host.policy = "force";
        await evictRest.run(host.scope);
        assert.match(host.warnings.join(), /^goes on, although pod shop\/shop-\d+ came to w1 after it was cordoned$/);
    });

    it("evicts a pod that tolerates the cordon once; when it comes back it stays, as a DaemonSet's would", async () => {
        const host = returning("w1", { owner: "Deployment/operator", toleratesCordon: true, storage: true });
        await evictStorage.run(host.scope);
        await evictRest.run(host.scope);
        assert.deepEqual(host.done, ["note evicted-storage", "evict shop-0", "settle shop-0"]);
        assert.deepEqual(host.warnings, [
            "pod shop/shop-1 is back on w1: it tolerates the cordon, so it goes through the reboot there, as a DaemonSet's pod does; " +
                "take that toleration from Deployment/operator if it should move",
        ]);
    });

    it("evicts all pods of an owner that tolerate the cordon, also when it died after it noted them", async () => {
        const host = new RebootingHost("w1");
        for (const name of ["operator-1", "operator-2"]) {
            host.pod(name, { owner: "Deployment/operator", toleratesCordon: true });
        }
        const noted = host.pods.map(({ namespace, name, uid, owner }) => ({ namespace, name, uid, owner }));
        host.notes.set("evicted-rest", JSON.stringify(noted));
        await evictRest.run(host.scope);
        assert.deepEqual(host.done.slice(0, 2), ["evict operator-1", "evict operator-2"]);
    });

    it("begins no eviction any more once one was interrupted, and waits for those under way", async () => {
        const host = new RebootingHost("w1");
        host.pod("shop-1");
        host.pod("shop-2");
        let attempts = 0;
        host.evictions = () => {
            attempts++;
            return blocked;
        };
        let pauses = 0;
        const { now, monotonic, pause } = fakeClock();
        host.clock = {
            now,
            monotonic,
            async pause(milliseconds) {
                await pause(milliseconds);
                if (pauses++ === 0) throw new InterruptedError("Ctrl-C");
                await severalTurns();
            },
        };
        await assert.rejects(evictRest.run(host.scope), InterruptedError);
        const asked = attempts;
        await severalTurns();
        assert.deepEqual([asked, attempts], [2, 2]);
    });

    it("waits for volumes to be detached, and refuses to go on with one that stays", async () => {
        const host = new RebootingHost("w1");
        host.volumes = [["pv-1"], []];
        await volumesDetached.run(host.scope);
        host.volumes = [["pv-1"]];
        await assert.rejects(volumesDetached.run(host.scope), {
            name: "BlockedError",
            message: /volume pv-1 is attached/,
        });
    });
});

describe("waiting for a proof", () => {
    it("tells what is missing, and nothing when it passes", async () => {
        const host = new RebootingHost("w1");
        const answers = [
            { passed: false, seen: "no route to pod a" },
            { passed: true, seen: "2 pods answered 5 times in a row" },
        ];
        await awaitProof(host.scope, "the pod network of w1", () => Promise.resolve(answers.shift()!));
        assert.deepEqual(host.reports, ["no route to pod a"]);
    });
});

/** A host with one pod that comes back to it under a new name as often as it is evicted. */
function returning(name: string, change: Parameters<RebootingHost["pod"]>[1]): RebootingHost {
    const host = new RebootingHost(name);
    let next = 0;
    const come = () => void host.pod(`shop-${next++}`, change);
    host.evictions = () => {
        come();
        return { kind: "evicted" };
    };
    come();
    return host;
}

/** Lets everything that does not wait for time get on. */
async function severalTurns(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}
