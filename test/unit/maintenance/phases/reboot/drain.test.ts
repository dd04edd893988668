import assert from "node:assert/strict";
import { cordon } from "../../../../../maintenance/phases/reboot/cordon";
import { evictRest } from "../../../../../maintenance/phases/reboot/evictRest";
import { evictStorage } from "../../../../../maintenance/phases/reboot/evictStorage";
import { leaveIngress } from "../../../../../maintenance/phases/reboot/leaveIngress";
import { volumesDetached } from "../../../../../maintenance/phases/reboot/volumesDetached";
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
