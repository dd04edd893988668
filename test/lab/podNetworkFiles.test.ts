import assert from "node:assert/strict";
import { POD_NETWORK_UNITS, podNetworkFiles } from "../../components/network/podNetworkFiles";
import type { HostsLab } from "./hostsLab";
import { startedHost } from "./startedHost";

const HOST = "w1";
const UNITS = POD_NETWORK_UNITS.join(" ");
const SUBNET = "/run/flannel/subnet.env";
const CONFIGURATION = "/etc/cni/net.d/10-quorate.conflist";

describe("the CNI configuration of a lab host", function () {
    this.timeout(120_000);
    let hosts: HostsLab;

    before(async function () {
        hosts = await startedHost(this, HOST);
        for (const { path, mode, content } of podNetworkFiles()) {
            const written = `mkdir -p ${path.slice(0, path.lastIndexOf("/"))} && base64 -d >${path} && chmod ${mode} ${path}`;
            await hosts.on(HOST, `echo ${Buffer.from(content).toString("base64")} | (${written})`);
        }
        await hosts.on(HOST, `systemctl daemon-reload && systemctl start ${UNITS}`);
    });
    after(async () => hosts?.stop());

    // A systemd that loads its units anew has no eye on the file meanwhile; kubeadm makes it do so while flannel starts.
    it("is written though systemd reloads at the moment flannel writes the subnet", async () => {
        const reloads = "for i in 1 2 3 4 5; do systemctl daemon-reload; done";
        await hosts.on(HOST, `${reloads} & systemctl daemon-reload; ${flannelWrites("10.244.1.1/24")}; wait`);
        assert.match(await configured(hosts, "10.244.1.0/24"), /"type": "bridge"/);
    });

    it("follows another subnet that flannel is given later", async () => {
        await hosts.on(HOST, flannelWrites("10.244.7.1/24"));
        await configured(hosts, "10.244.7.0/24");
    });

    it("is there again after a reboot", async () => {
        await hosts.on(HOST, `rm ${CONFIGURATION} && systemctl enable --quiet ${UNITS} && sync`);
        for (const state of ["off", "on"]) {
            const { status, stderr } = await hosts.lab("power", HOST, state);
            assert.equal(status, 0, stderr);
        }
        await hosts.on(HOST, flannelWrites("10.244.7.1/24"));
        await configured(hosts, "10.244.7.0/24");
    });
});

/** As flannel does it: a file beside, then renamed. */
function flannelWrites(subnet: string): string {
    const text = `FLANNEL_NETWORK=10.244.0.0/16\\nFLANNEL_SUBNET=${subnet}\\nFLANNEL_MTU=1500\\nFLANNEL_IPMASQ=true\\n`;
    return `mkdir -p /run/flannel && printf '${text}' >${SUBNET}.new && mv ${SUBNET}.new ${SUBNET}`;
}

/** The CNI configuration once it names the subnet. @throws Error when it never does */
function configured(hosts: HostsLab, subnet: string): Promise<string> {
    const named = `grep -qF ${subnet} ${CONFIGURATION} 2>/dev/null`;
    return hosts.on(HOST, `timeout 10 sh -c "until ${named}; do sleep 0.05; done" && cat ${CONFIGURATION}`);
}
