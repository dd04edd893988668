import assert from "node:assert/strict";
import { renderLoadBalancer } from "../../../../components/loadBalancer/loadBalancer";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { configWith } from "../../model/sampleConfig";
import { type BashHost, bashHost } from "../bashHost";
import { fakeSystemd, loaded } from "../fakeServices";
import { KILL_TIMEOUT_MS, assertSameEndWhenKilled, reboot } from "../killedAtEachLine";
import { withoutPacketFilter } from "../packetFilter/withoutPacketFilter";

const HAPROXY = "/etc/haproxy/haproxy.cfg";
const KEEPALIVED = "/etc/keepalived/keepalived.conf";

function step(change?: (input: ClusterConfigInput) => void) {
    const config = configWith(change);
    const [lb1] = config.hosts;
    assert.ok(lb1);
    return withoutPacketFilter(renderLoadBalancer(lb1, config));
}

const slower = step((input) => {
    input.endpoint.advertInterval = "2s";
    input.endpoint.connectTimeout = "9s";
});

/** A balancer's programs; each refuses a configuration that has a word `wrong`. */
function fakePrograms(host: BashHost): void {
    fakeSystemd(host, { "haproxy.service": [HAPROXY], "keepalived.service": [KEEPALIVED] });
    const checks = 'for file; do :; done; ! grep wrong "$file"';
    host.fake("haproxy", checks);
    host.fake("keepalived", checks);
    host.fake("curl");
    host.fake("ip", 'echo "2: eth0    inet 10.89.0.11/24 scope global eth0"');
}

describe("the step of a load balancer", () => {
    const host = bashHost();
    beforeEach(() => fakePrograms(host()));

    it("starts both services with the configurations in place", () => {
        const changes = host().changes(step());
        assert.ok(changes.includes(HAPROXY) && changes.includes(KEEPALIVED), String(changes));
        assert.match(loaded(host(), "keepalived.service"), /^ {4}interface eth0$/m);
        assert.deepEqual(host().changes(step()), []);
    });

    it("lets keepalived know of another interval between advertisements, and of other peers", () => {
        host().changes(step());
        host().changes(slower);
        assert.match(loaded(host(), "keepalived.service"), /advert_int 2\n/);
        host().changes(step((input) => (input.hosts[1]!.address = "10.89.0.13")));
        assert.match(loaded(host(), "keepalived.service"), /unicast_peer \{\n\s+10\.89\.0\.13\n/);
    });

    for (const [program, file] of [
        ["HAProxy", HAPROXY],
        ["keepalived", KEEPALIVED],
    ] as const) {
        it(`leaves everything as it runs when ${program} refuses its configuration`, () => {
            host().changes(step());
            const before = [host().read(HAPROXY), host().read(KEEPALIVED)];
            host().fake(program.toLowerCase(), "echo line 7 is wrong; exit 1");
            const { code, stderr } = host().step(slower);
            assert.equal(code, 1);
            assert.match(stderr, new RegExp(`${program} refuses .*line 7 is wrong`));
            assert.deepEqual([host().read(HAPROXY), host().read(KEEPALIVED)], before);
            assert.equal(
                loaded(host(), file.includes("haproxy") ? "haproxy.service" : "keepalived.service"),
                host().read(file),
            );
        });
    }

    it("ends alike when it is killed at any line of its first run, and the host boots", () => {
        assertSameEndWhenKilled(host(), step(), { between: reboot });
    }).timeout(KILL_TIMEOUT_MS);

    it("ends alike when it is killed at any line of a later change", () => {
        host().changes(step());
        assertSameEndWhenKilled(host(), slower);
    }).timeout(KILL_TIMEOUT_MS);
});
