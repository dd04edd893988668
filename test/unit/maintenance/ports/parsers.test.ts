import assert from "node:assert/strict";
import { parseCertificates } from "../../../../maintenance/ports/certificates";
import { nodeFacts } from "../../../../maintenance/ports/kubernetes";
import { parseAddresses } from "../../../../maintenance/ports/loadBalancer";
import { testAuthority } from "../../../fakes/testCertificates";
import { tail } from "../../../../maintenance/ports/remote";
import { shellQuote } from "../../../../steps/shellQuote";

describe("the output of ip -j addr", () => {
    it("tells the addresses that others can reach, not those of the loopback interface", () => {
        const text = `[{"ifindex":1,"ifname":"lo","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8}]},{"ifindex":2,"ifname":"host0","addr_info":[{"family":"inet","local":"10.89.0.11","prefixlen":24},{"family":"inet","local":"10.89.0.10","prefixlen":24}]},{"ifname":"down0"}]`;
        assert.deepEqual(parseAddresses(text), ["10.89.0.11", "10.89.0.10"]);
    });

    it("is named when it is something else", () => {
        assert.throws(() => parseAddresses("ip: not found"), /answered "ip: not found"; expected a list/);
    });
});

describe("certificates on a host", () => {
    const authority = testAuthority();
    const late = authority.issue("127.0.0.1", new Date("2036-11-18T01:20:02Z")).cert;
    const soon = authority.issue("127.0.0.1", new Date("2027-11-21T01:20:02Z")).cert;

    it("each have their end, in files and inside kubeconfigs", () => {
        const text = `file /etc/kubernetes/pki/ca.crt\n${late}file /etc/kubernetes/admin.conf\n${Buffer.from(soon).toString("base64")}\n`;
        assert.deepEqual(parseCertificates(text), [
            { path: "/etc/kubernetes/pki/ca.crt", notAfter: new Date("2036-11-18T01:20:02Z") },
            { path: "/etc/kubernetes/admin.conf", notAfter: new Date("2027-11-21T01:20:02Z") },
        ]);
    });

    it("end, in a bundle, when the first of them ends", () => {
        const [bundle] = parseCertificates(`file /etc/kubernetes/pki/ca.crt\n${late}${soon}`);
        assert.deepEqual(bundle?.notAfter, new Date("2027-11-21T01:20:02Z"));
    });

    it("are none where nothing is installed", () => {
        assert.deepEqual(parseCertificates(""), []);
    });

    it("are named when a file holds none", () => {
        assert.throws(
            () => parseCertificates("file /etc/kubernetes/pki/ca.crt\n"),
            /ca\.crt holds no certificate; expected PEM/,
        );
    });
});

describe("a Node object", () => {
    it("is ready by its Ready condition and cordoned by its spec", () => {
        const node = nodeFacts({
            metadata: { name: "w1" },
            spec: { unschedulable: true },
            status: {
                conditions: [{ type: "Ready", status: "Unknown", message: "Kubelet stopped posting node status." }],
                nodeInfo: { kubeletVersion: "v1.36.3", containerRuntimeVersion: "containerd://2.4.2" } as never,
            },
        });
        assert.deepEqual(node, {
            name: "w1",
            ready: false,
            notReadyReason: "Kubelet stopped posting node status.",
            cordoned: true,
            kubeletVersion: "v1.36.3",
            containerRuntimeVersion: "containerd://2.4.2",
        });
    });

    it("is not ready before its kubelet has reported", () => {
        assert.deepEqual(nodeFacts({ metadata: { name: "w1" } }).notReadyReason, "kubelet has not reported yet");
    });
});

describe("shell words and tails", () => {
    it("quotes only what a shell would read differently", () => {
        assert.equal(shellQuote("https://10.89.0.21:2379"), "https://10.89.0.21:2379");
        assert.equal(shellQuote("it's; rm -rf $HOME"), `'it'\\''s; rm -rf $HOME'`);
        assert.equal(shellQuote(""), "''");
    });

    it("keeps the last lines", () => {
        assert.equal(tail("1\n2\n3\n4\n5\n6\n7\n"), "3\n4\n5\n6\n7");
    });
});
