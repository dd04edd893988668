import assert from "node:assert/strict";
import type { HostScript } from "../../../../components/command/hostScript";
import { renderRuntime } from "../../../../components/containerRuntime/containerRuntime";
import { configWith } from "../../model/sampleConfig";
import { bashHost } from "../bashHost";
import { fakeSystemd, loaded } from "../fakeServices";
import { KILL_TIMEOUT_MS, assertSameEndWhenKilled } from "../killedAtEachLine";
import { withoutPacketFilter } from "../packetFilter/withoutPacketFilter";

const CNI = "/usr/local/lib/quorate/cni";
const whole = withoutPacketFilter(renderRuntime("worker", configWith()));
const step: HostScript = { ...whole, settings: { ...whole.settings, images: [] } };
/** The same with another line in each of its files. */
const later: HostScript = {
    ...step,
    files: (step.files ?? []).map((file) => ({ ...file, content: `${file.content}# later\n` })),
};

describe("the step of the container runtime", () => {
    const host = bashHost();

    beforeEach(() => {
        fakeSystemd(host(), {
            "containerd.service": ["/etc/containerd/config.toml", "/etc/containerd/conf.d/"],
            "quorate-cni.service": [CNI],
        });
        host().fake("ctr");
        host().write("/run/flannel/subnet.env", "FLANNEL_SUBNET=10.244.3.1/24\nFLANNEL_MTU=1450\n");
    });

    it("starts containerd with its configuration, and nothing happens the second time", () => {
        assert.ok(host().changes(step).includes("containerd.service started"));
        assert.match(loaded(host(), "containerd.service"), /SystemdCgroup = (true|false)/);
        assert.deepEqual(host().changes(step), []);
    });

    it("loads what changed: units, containerd's configuration, the CNI program", () => {
        host().changes(step);
        host().changes(later);
        assert.match(loaded(host(), "containerd.service"), /^# later$/m);
        assert.match(loaded(host(), "quorate-cni.service"), /^# later$/m);
        assert.match(host().read("/services/units"), /^# later$/m);
    });

    it("restarts containerd for a new unit of its own, and for no other's", () => {
        const restarts = (changedPath: string) => {
            const before = host().calls().length;
            const files = (step.files ?? []).map((file) =>
                file.path.endsWith(changedPath) ? { ...file, content: `${file.content}# ${changedPath}\n` } : file,
            );
            host().changes({ ...step, files });
            return host().calls().slice(before).includes("systemctl restart containerd.service");
        };
        host().changes(step);
        assert.ok(restarts("/containerd.service"));
        host().changes(step);
        assert.ok(!restarts("/kubelet.service"));
    });

    it("ends alike when it is killed at any line of its first run", () =>
        assertSameEndWhenKilled(host(), step)).timeout(KILL_TIMEOUT_MS);

    it("ends alike when it is killed at any line of a later change", () => {
        host().changes(step);
        assertSameEndWhenKilled(host(), later);
    }).timeout(KILL_TIMEOUT_MS);
});
