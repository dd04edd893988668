import assert from "node:assert/strict";
import path from "node:path";
import { loadScript } from "../../../../components/command/hostScript";
import { bashHost } from "../bashHost";
import { assertSameEndWhenKilled } from "../killedAtEachLine";

const script = loadScript(path.resolve(__dirname, "../../../../components/network"), "cni.sh");
const target = "/etc/cni/net.d/10-quorate.conflist";

interface Conflist {
    readonly plugins: readonly { type: string; mtu?: number; ipam?: { ranges: { subnet: string }[][] } }[];
}

describe("a node's CNI configuration", () => {
    const host = bashHost();
    const given = (subnet: string) =>
        host().write("/run/flannel/subnet.env", `FLANNEL_SUBNET=${subnet}\nFLANNEL_MTU=1450\n`);
    const bridge = () => (JSON.parse(host().read(target)) as Conflist).plugins[0];

    for (const [subnet, network] of [
        ["10.244.3.1/24", "10.244.3.0/24"],
        ["10.244.3.129/25", "10.244.3.128/25"],
        ["192.168.17.1/20", "192.168.16.0/20"],
    ] as const) {
        it(`has the network ${network} when flannel says ${subnet}`, () => {
            given(subnet);
            const { code, stderr } = host().run(script);
            assert.equal(code, 0, stderr);
            assert.deepEqual(bridge()?.ipam?.ranges, [[{ subnet: network }]]);
            assert.equal(bridge()?.mtu, 1450);
        });
    }

    it("is not touched when nothing changed, so that the runtime does not read it again", () => {
        given("10.244.3.1/24");
        host().run(script);
        const inode = host().run(`stat -c %i ${target}`).stdout;
        host().run(script);
        assert.equal(host().run(`stat -c %i ${target}`).stdout, inode);
        assert.equal(host().run("ls -A /etc/cni/net.d").stdout, "10-quorate.conflist\n");
    });

    it("is the same when the program was killed at any line", () => {
        given("10.244.3.1/24");
        host().write(target, "older\n");
        assertSameEndWhenKilled(host(), script);
    });

    it("fails before flannel has spoken", () => assert.notEqual(host().run(script).code, 0));
});
