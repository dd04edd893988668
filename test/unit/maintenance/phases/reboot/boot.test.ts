import assert from "node:assert/strict";
import { balancerBack } from "../../../../../maintenance/phases/reboot/balancerBack";
import { enterApi } from "../../../../../maintenance/phases/reboot/enterApi";
import { enterIngress } from "../../../../../maintenance/phases/reboot/enterIngress";
import { handOverAddress } from "../../../../../maintenance/phases/reboot/handOverAddress";
import { ingressProof } from "../../../../../maintenance/phases/reboot/ingressProof";
import { leaveApi } from "../../../../../maintenance/phases/reboot/leaveApi";
import { moveLeaderAway } from "../../../../../maintenance/phases/reboot/moveLeaderAway";
import { networkProof } from "../../../../../maintenance/phases/reboot/networkProof";
import { nodeBack } from "../../../../../maintenance/phases/reboot/nodeBack";
import { nodeReady } from "../../../../../maintenance/phases/reboot/nodeReady";
import { reboot } from "../../../../../maintenance/phases/reboot/reboot";
import { stopApiServer } from "../../../../../maintenance/phases/reboot/stopApiServer";
import { takeAddressBack } from "../../../../../maintenance/phases/reboot/takeAddressBack";
import { uncordon } from "../../../../../maintenance/phases/reboot/uncordon";
import { LockLostError } from "../../../../../maintenance/workflow/lockErrors";
import { RebootingHost } from "./rebootingHost";

describe("rebooting a host", () => {
    it("notes the boot id before the order, and waits for another one", async () => {
        const host = new RebootingHost("w1");
        host.bootIds = ["b-1", "b-1", undefined, undefined, "b-2"];
        await reboot.run(host.scope);
        assert.deepEqual(host.done, ["note boot-id", "reboot w1"]);
    });

    it("sets the servers of a control plane aside again before the order: a reloaded balancer has forgotten (TRAPS 20)", async () => {
        const host = new RebootingHost("cp1");
        host.bootIds = ["b-1", "b-1", "b-2"];
        await reboot.run(host.scope);
        assert.deepEqual(host.done, [
            "note boot-id",
            "cp1 maint",
            "API server cp1 drain",
            "leader away from cp1",
            "reboot cp1",
        ]);
    });

    it("is not ordered again when the run died after the host had rebooted", async () => {
        const host = new RebootingHost("w1");
        host.notes.set("boot-id", "b-1");
        host.bootIds = ["b-2"];
        await reboot.run(host.scope);
        assert.deepEqual(host.done, []);
    });

    it("is ordered when the run died between the note and the order", async () => {
        const host = new RebootingHost("w1");
        host.notes.set("boot-id", "b-1");
        host.bootIds = ["b-1", "b-1", "b-2"];
        await reboot.run(host.scope);
        assert.deepEqual(host.done, ["reboot w1"]);
    });

    it("is waited for, not ordered, when the run died while the host was down", async () => {
        const host = new RebootingHost("w1");
        host.notes.set("boot-id", "b-1");
        host.bootIds = [undefined, undefined, "b-2"];
        await reboot.run(host.scope);
        assert.deepEqual(host.done, []);
    });

    it("is never ordered by a driver that has not seen the host out itself", async () => {
        const host = new RebootingHost("w1");
        host.hasLeft = false;
        host.notes.set("boot-id", "b-1");
        host.bootIds = [undefined, "b-1", "b-1", "b-2"];
        await reboot.run(host.scope);
        assert.deepEqual(host.done, []);
    });

    it("does not fail because of one question that went wrong", async () => {
        const host = new RebootingHost("w1");
        host.bootIds = [undefined, "b-1", undefined, "b-1", "b-2"];
        await reboot.run(host.scope);
        assert.deepEqual(host.done, ["note boot-id", "reboot w1"]);
    });

    it("is not ordered when the host does not say its boot id", async () => {
        const host = new RebootingHost("w1");
        host.bootIds = [undefined];
        await assert.rejects(
            reboot.run(host.scope),
            /w1 does not say its boot id within 10s \(.*no SSH.*\), so it was not told to reboot; .*quorate resume/,
        );
        assert.deepEqual(host.done, []);
    });

    it("fails when the host does not come back (F52)", async () => {
        const host = new RebootingHost("w1");
        host.bootIds = ["b-1", undefined];
        await assert.rejects(reboot.run(host.scope), /w1 does not come back: .*within 60s .*no SSH.*quorate resume/);
    });

    it("fails when the host answers with the boot id of before (F53)", async () => {
        const host = new RebootingHost("w1");
        await assert.rejects(reboot.run(host.scope), /w1 has still boot id b-1, 60s after it was told to reboot/);
    });
});

describe("a control plane before its reboot", () => {
    it("does not fail because one question to etcd has no answer, and fails when none can lead", async () => {
        const host = new RebootingHost("cp1");
        host.bootIds = ["b-1", "b-1", "b-2"];
        host.etcdFailures.push(new Error("context deadline exceeded"), new Error("context deadline exceeded"));
        await moveLeaderAway.run(host.scope);
        host.etcdFailures.push(new Error("context deadline exceeded"));
        await reboot.run(host.scope);
        assert.equal(host.done.at(-1), "reboot cp1");
        host.etcdFailures.push(...Array<Error>(99).fill(new Error("no healthy voter can take etcd's leadership")));
        await assert.rejects(moveLeaderAway.run(host.scope), /waited 15s .* last seen: no healthy voter/);
    });

    it("gives leadership away and stops its API server; undo starts it again", async () => {
        const host = new RebootingHost("cp1");
        await moveLeaderAway.run(host.scope);
        await stopApiServer.run(host.scope);
        await stopApiServer.undo?.(host.scope);
        assert.deepEqual(host.done, ["leader away from cp1", "stop API server cp1", "start API server cp1"]);
        assert.deepEqual(host.reports, ["stop API server cp1", "start API server cp1"]);
        assert.equal(stopApiServer.shouldRun?.(new RebootingHost("w1").scope), false);
    });

    it("gets no new API connections before its old ones are ended, and gets them again when it is back", async () => {
        const host = new RebootingHost("cp1");
        await leaveApi.run(host.scope);
        await enterApi.run(host.scope);
        assert.deepEqual(host.done, ["API server cp1 drain", "end API connections cp1", "API server cp1 ready"]);
        await leaveApi.undo?.(host.scope);
        assert.equal(host.done.at(-1), "API server cp1 ready");
        assert.equal(leaveApi.shouldRun?.(new RebootingHost("w1").scope), false);
    });

    it("shows how long its steps may take", () => {
        const { scope } = new RebootingHost("cp1");
        for (const phase of [leaveApi, stopApiServer, handOverAddress]) assert.ok(phase.deadline?.(scope), phase.name);
    });

    it("goes on when some API connections have no quiet moment, and says so", async () => {
        const host = new RebootingHost("cp1");
        host.apiConnections = 2;
        await leaveApi.run(host.scope);
        assert.match(host.warnings.join(), /2 API connections had no quiet moment/);
    });
});

describe("a host that has booted", () => {
    it("is back when kubelet reports this boot, its own pods are ready and its member answers", async () => {
        const host = new RebootingHost("cp1");
        await nodeReady.run(host.scope);
        host.unready = [["kube-system/etcd-cp1 shows its state of before the boot"], []];
        host.memberUnhealthy = ["context deadline exceeded", ""];
        await nodeBack.run(host.scope);
        assert.deepEqual([host.unready, host.memberUnhealthy], [[[]], [""]]);
    });

    it("has its DaemonSet pods that the shutdown has ended removed, whenever it is seen, so that new ones come at once", async () => {
        const host = new RebootingHost("w1");
        host.ended = [new Error("no API server answers"), [], ["kube-system/flannel-1"], []];
        host.unready = [
            ["kube-system/flannel-1 has ended"],
            ["DaemonSet kube-system/flannel has no pod there yet"],
            [],
        ];
        await nodeBack.run(host.scope);
        assert.deepEqual([host.ended, host.unready], [[[]], [[]]]);
        assert.match(host.reports.join(), /no API server answers.*the shutdown has ended kube-system\/flannel-1/);
    });

    it("is not waited for when the lock was lost", async () => {
        const host = new RebootingHost("w1");
        host.ended = [new LockLostError("somebody took it")];
        await assert.rejects(nodeBack.run(host.scope), LockLostError);
    });

    it("has again what ran on it before, or goes on with a warning when its DaemonSet does not want it any more", async () => {
        const host = new RebootingHost("w1");
        host.notes.set("own-work", JSON.stringify(host.ownWork));
        host.absent = [["DaemonSet kube-system/flannel has no pod there"], []];
        await nodeBack.run(host.scope);
        assert.deepEqual([host.askedFor, host.absent, host.warnings], [host.ownWork, [[]], []]);
        host.absent = [["DaemonSet kube-system/driver has no pod there"]];
        await nodeBack.run(host.scope);
        assert.match(host.warnings.join(), /^w1 goes on without what ran there before: DaemonSet kube-system\/driver/);
    });

    it("is not back while the cluster keeps pods away from it, though it is Ready (TRAPS 64)", async () => {
        const host = new RebootingHost("w1");
        host.taints = [["node.kubernetes.io/not-ready"], []];
        await nodeBack.run(host.scope);
        assert.deepEqual(host.taints, [[]]);
        host.taints = [["node.kubernetes.io/not-ready"]];
        await assert.rejects(
            nodeBack.run(host.scope),
            /last seen: w1 still has the taint node.kubernetes.io\/not-ready/,
        );
    });

    it("is asked for its boot id again when one question goes wrong", async () => {
        const host = new RebootingHost("w1");
        host.bootIds = [undefined, "b-1"];
        await nodeReady.run(host.scope);
        assert.deepEqual(host.reports, ["w1: no SSH"]);
    });

    it("is not ready with a Ready of before the boot", async () => {
        const host = new RebootingHost("w1");
        host.nodeBootId = "b-0";
        await assert.rejects(nodeReady.run(host.scope), /last seen: kubelet of w1 has not reported since the boot/);
    });

    it("proves network and ingress until they pass, or fails with what was seen", async () => {
        for (const phase of [networkProof, ingressProof]) {
            const host = new RebootingHost("cp1");
            host.proofs = [false, false, true];
            await phase.run(host.scope);
            host.proofs = [false];
            await assert.rejects(phase.run(host.scope), /last seen: an answer/);
        }
        assert.equal(ingressProof.shouldRun?.(new RebootingHost("w1").scope), false);
    });

    it("goes back into ingress and is opened in the name of the run", async () => {
        const host = new RebootingHost("cp1");
        await enterIngress.run(host.scope);
        await uncordon.run(host.scope);
        assert.deepEqual(host.done, ["cp1 ready", "uncordon cp1 run-1"]);
    });
});

describe("a load balancer", () => {
    it("hands the address over when it has it, also when the run died on the way", async () => {
        const host = new RebootingHost("lb1");
        await handOverAddress.run(host.scope);
        await handOverAddress.run(host.scope);
        assert.deepEqual(host.done, ["note had-address", "hand over from lb1", "hand over from lb1"]);
    });

    it("waits while nobody has the address, or several have, and refuses when that does not end", async () => {
        const host = new RebootingHost("lb1");
        host.owners = [undefined, undefined, "lb1"];
        await handOverAddress.run(host.scope);
        assert.deepEqual(host.done, ["note had-address", "hand over from lb1"]);
        const split = new RebootingHost("lb1");
        split.owners = [undefined];
        await assert.rejects(handOverAddress.run(split.scope), {
            name: "RefusedError",
            message:
                /^reboot of lb1 refused: waited 20s for one load balancer .*; last seen: nobody has it, or several have; see/,
        });
        assert.deepEqual(split.done, []);
    });

    it("that does not have the address changes nothing, neither now nor by undo", async () => {
        const host = new RebootingHost("lb2");
        await handOverAddress.run(host.scope);
        await handOverAddress.undo?.(host.scope);
        assert.deepEqual(host.done, []);
        assert.equal(takeAddressBack.shouldRun?.(host.scope), false);
    });

    it("gets it back only when the run is told to", async () => {
        const host = new RebootingHost("lb1");
        await handOverAddress.run(host.scope);
        assert.equal(takeAddressBack.shouldRun?.(host.scope), false);
        await handOverAddress.undo?.(host.scope);
        host.takeAddressBack = true;
        assert.equal(takeAddressBack.shouldRun?.(host.scope), true);
        await takeAddressBack.run(host.scope);
        assert.deepEqual(host.done.slice(2), ["release lb1 later", "release lb1 now"]);
        assert.deepEqual(host.reports, ["hand over from lb1", "release lb1 later", "release lb1 now"]);
    });

    it("is back when everything could be served", async () => {
        const host = new RebootingHost("lb1");
        host.unserved = [["haproxy is activating"], ["k8s-api/cp1 not checked yet"], []];
        await balancerBack.run(host.scope);
        host.unserved = [["no server of k8s-api is up"]];
        await assert.rejects(balancerBack.run(host.scope), /last seen: no server of k8s-api is up/);
    });
});
