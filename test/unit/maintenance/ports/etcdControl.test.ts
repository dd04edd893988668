import assert from "node:assert/strict";
import type { Etcd } from "../../../../maintenance/ports/etcd";
import { openEtcdControl } from "../../../../maintenance/ports/etcdControl";
import { UnreachableError, type RemoteHost } from "../../../../maintenance/ports/remote";
import { fakeClock } from "../../../fakes/fakeClock";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { sampleStatus } from "../../../fakes/sampleFacts";

const inventory = sampleInventory();
const members = inventory.etcd.members.map(({ name, peerUrl, clientUrl }) => ({
    id: `id-${name}`,
    name,
    peerUrls: [peerUrl],
    clientUrls: [clientUrl],
    learner: false,
    started: true,
}));

/** Three members; asked of hosts that are down it throws. */
class FakeEtcd implements Etcd {
    leader = "id-cp1";
    readonly asked: string[] = [];
    sick = "";
    down: readonly string[] = [];

    members(on: RemoteHost) {
        this.asked.push(on.name);
        if (this.down.includes(on.name)) return Promise.reject(new UnreachableError(on.name, "no SSH"));
        return Promise.resolve(members);
    }
    status() {
        return Promise.resolve(sampleStatus("cp1", { leaderId: this.leader }));
    }
    health(_on: RemoteHost, clientUrl = "") {
        const isSick = members.some(({ name, clientUrls }) => name === this.sick && clientUrls.includes(clientUrl));
        return Promise.resolve({ healthy: !isSick, reason: isSick ? "too slow" : "" });
    }
    alarms() {
        return Promise.resolve([{ memberId: "id-cp3", alarm: "NOSPACE" }]);
    }
    moveLeader(_on: RemoteHost, { to }: { readonly to: string }) {
        this.leader = to;
        return Promise.resolve();
    }
    removeMember() {
        return Promise.reject(new Error("a reboot removes no member"));
    }
}

describe("etcd as a whole", () => {
    const open = (etcd: FakeEtcd) => openEtcdControl(etcd, inventory, fakeClock());

    it("names members, leader and alarms by their hosts", async () => {
        const etcd = new FakeEtcd();
        etcd.sick = "cp2";
        const { members: seen, leader, alarms } = await open(etcd).view();
        assert.deepEqual(
            seen.map(({ host, unhealthy }) => [host, unhealthy]),
            [
                ["cp1", ""],
                ["cp2", "too slow"],
                ["cp3", ""],
            ],
        );
        assert.deepEqual([leader, alarms], ["cp1", ["cp3: NOSPACE"]]);
    });

    it("is asked at the next member when one does not answer", async () => {
        const etcd = new FakeEtcd();
        etcd.down = ["cp1"];
        assert.equal((await open(etcd).view()).leader, "cp1");
        etcd.down = ["cp1", "cp2", "cp3"];
        await assert.rejects(open(etcd).view(), /no etcd member answers through consensus: cp1: no SSH; cp2: no SSH/);
    });

    it("gives leadership to a healthy voter, and asks others than the one that goes", async () => {
        const etcd = new FakeEtcd();
        etcd.sick = "cp2";
        await open(etcd).moveLeaderAway("cp1");
        assert.equal(etcd.leader, "id-cp3");
        assert.ok(!etcd.asked.includes("cp1"));
    });

    it("leaves leadership where it is when the host does not lead", async () => {
        const etcd = new FakeEtcd();
        await open(etcd).moveLeaderAway("cp2");
        assert.equal(etcd.leader, "id-cp1");
    });
});
