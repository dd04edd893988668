import assert from "node:assert/strict";
import { renderPrepare } from "../../../../components/host/prepareScript";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { configWith } from "../../model/sampleConfig";

function prepare(name: string, change?: (input: ClusterConfigInput) => void) {
    const config = configWith(change);
    const host = config.hosts.find((item) => item.name === name);
    assert.ok(host);
    return renderPrepare(host, config);
}

const file = (name: string, path: string) => prepare(name).files?.find((item) => item.path === path);

describe("the step that prepares an accepted host", () => {
    it("brings the functions and the reset of all later ones", () => {
        assert.equal(prepare("w1").bringsLibrary, true);
        assert.match(file("w1", "/usr/local/lib/quorate/steps.sh")?.content ?? "", /^put_file\(\)/m);
        assert.equal(file("w1", "/usr/local/lib/quorate/reset")?.mode, "0755");
    });

    it("lets nodes forward packets and balancers listen on an address they do not hold yet", () => {
        const sysctls = (name: string) => file(name, "/etc/sysctl.d/90-quorate.conf")?.content ?? "";
        assert.match(sysctls("w1"), /^net\.ipv4\.ip_forward = 1$/m);
        assert.match(sysctls("lb1"), /^net\.ipv4\.ip_nonlocal_bind = 1$/m);
        assert.doesNotMatch(sysctls("lb1"), /ip_forward/);
    });

    it("loads kernel modules on nodes, now and at every boot before the settings that they have", () => {
        assert.match(
            file("cp1", "/etc/sysctl.d/90-quorate.conf")?.content ?? "",
            /^net\.netfilter\.nf_conntrack_max = /m,
        );
        assert.deepEqual(prepare("cp1").settings?.["modules"], ["overlay", "br_netfilter", "nf_conntrack"]);
        assert.equal(file("cp1", "/etc/modules-load.d/quorate.conf")?.content, "overlay\nbr_netfilter\nnf_conntrack\n");
        assert.equal(file("lb1", "/etc/modules-load.d/quorate.conf"), undefined);
    });

    it("remembers the pod network for the reset", () => {
        assert.equal(file("w1", "/var/lib/quorate/network")?.content, "pods=10.244.0.0/16\n");
    });
});
