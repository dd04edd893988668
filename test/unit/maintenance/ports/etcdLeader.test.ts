import assert from "node:assert/strict";
import { openEtcd } from "../../../../maintenance/ports/etcd";
import { openEtcdLeader } from "../../../../maintenance/ports/etcdLeader";
import { FakeRemote } from "../../../fakes/fakeRemote";
import { sampleInventory } from "../../../fakes/sampleCluster";

const members = JSON.stringify({
    members: [21, 22, 23].map((byte) => ({
        ID: byte,
        name: `cp${byte - 20}`,
        peerURLs: [`https://10.89.0.${byte}:2380`],
        clientURLs: [`https://10.89.0.${byte}:2379`],
    })),
});
const status = (leader?: number) =>
    JSON.stringify([{ Status: { header: { member_id: 21 }, version: "3.6.16", ...(leader ? { leader } : {}) } }]);

function open(leader: number | undefined, unreachable: readonly string[] = []) {
    const script = { "endpoint status": { stdout: status(leader) }, "member list": { stdout: members } };
    const remote = new FakeRemote(script, unreachable);
    return { remote, ask: openEtcdLeader(openEtcd(remote), sampleInventory()) };
}

describe("who leads etcd", () => {
    it("costs one command, once the members' names are known", async () => {
        const { remote, ask } = open(22);
        assert.equal(await ask(), "cp2");
        assert.equal(await ask(), "cp2");
        assert.equal(await ask(), "cp2");
        const commands = remote.asked.map(({ command }) => (command.includes("member list") ? "names" : "status"));
        assert.deepEqual(commands, ["status", "names", "status", "status"]);
    });

    it("is asked of the control plane that answered last", async () => {
        const { remote, ask } = open(22, ["cp1"]);
        await ask();
        await ask();
        assert.deepEqual(
            remote.asked.map(({ host }) => host),
            ["cp1", "cp2", "cp2", "cp2"],
        );
    });

    it("is nobody while there is no leader, and a number where the host is not known", async () => {
        assert.equal(await open(undefined).ask(), undefined);
        assert.equal(await open(31).ask(), "member 1f");
    });

    it("is not known when no control plane answers", async () => {
        await assert.rejects(open(22, ["cp1", "cp2", "cp3"]).ask(), /no etcd member answers: cp1.*cp2.*cp3/);
    });
});
