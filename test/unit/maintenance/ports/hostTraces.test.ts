import assert from "node:assert/strict";
import { openHostTeardown } from "../../../../maintenance/ports/hostTeardown";
import type { Remote } from "../../../../maintenance/ports/remote";
import { DetachedHost } from "../../../fakes/detachedHost";
import { LeaveCluster } from "../../../fakes/leaveCluster";
import { bashHost } from "../../components/bashHost";

const MARK = "/var/lib/quorate/owner";
const CLUSTER = { name: "sample", foundingId: "0f1e" };
const RESET = "/usr/local/lib/quorate/reset";

describe("what quorate leave finds and does on a host", () => {
    const host = bashHost();
    const remote: Remote = {
        async exec(_host, command) {
            const { code, stdout, stderr } = host().run(command);
            return { code: code ?? 1, stdout, stderr };
        },
        close: () => undefined,
    };
    const w3 = new LeaveCluster().host("w3");
    const teardown = () => openHostTeardown(new DetachedHost(remote));

    it("is nothing on a clean host", async () => {
        assert.deepEqual(await teardown().traces(w3), {
            mark: undefined,
            caHash: "",
            servers: [],
            joinedAs: [],
            found: [],
        });
    });

    it("is the mark, the CA in kubeadm's notation, and what is there", async () => {
        host().write(MARK, "cluster=sample\nhost=w3\nfounding=0f\n");
        host().write("/etc/kubernetes/kubelet.conf", "");
        host().write("/etc/kubernetes/pki/x", "");
        const at = host().at("/etc/kubernetes/pki/ca.crt");
        host().run(
            `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=kubernetes -keyout /dev/null -out ${at} 2>/dev/null`,
        );
        const { mark, caHash, found } = await teardown().traces(w3);
        assert.deepEqual(mark, { cluster: "sample", host: "w3", founding: "0f" });
        assert.match(caHash, /^sha256:[0-9a-f]{64}$/);
        assert.deepEqual(found, ["/etc/kubernetes/kubelet.conf"]);
    });

    it("is where a balancer sends to", async () => {
        host().write(
            "/etc/haproxy/quorate/haproxy.cfg",
            "backend k8s-api\n    server cp1 10.89.0.21:6443\nbackend ingress\n    server cp1 10.89.0.21:80\n",
        );
        const { servers, found } = await teardown().traces(w3);
        assert.deepEqual([servers, found], [["10.89.0.21"], ["/etc/haproxy/quorate/haproxy.cfg"]]);
    });

    const joined: readonly (readonly [files: readonly string[], as: readonly string[]])[] = [
        [["quorate/member"], ["control-plane"]],
        [["quorate/formed"], ["control-plane"]],
        [["quorate/join.yaml", "kubelet.conf"], ["worker"]],
        [["quorate/join.yaml"], []],
        [["kubelet.conf", "pki/ca.key"], []],
    ];
    for (const [files, as] of joined) {
        it(`is as what quorate has made it a member, by ${files.join(" and ")}: ${as.join(", ") || "not at all"}`, async () => {
            for (const name of files) host().write(`/etc/kubernetes/${name}`, "");
            assert.deepEqual((await teardown().traces(w3)).joinedAs, as);
        });
    }

    const OLD_RESET = `#!/bin/bash\nrm -rf /etc/kubernetes\n`;
    const oldReset = () => host().write(RESET, OLD_RESET.replace("/etc", host().at("/etc")), 0o755);

    it("is no reset without a look at marks on a host without one, when nothing proves the host quorate's", async () => {
        oldReset();
        host().write("/etc/kubernetes/kubelet.conf", "");
        for (const cluster of [CLUSTER, undefined])
            await assert.rejects(
                teardown().reset(w3, cluster),
                /\/usr\/local\/lib\/quorate\/reset .* looks at no mark, and there is none/,
            );
        assert.ok(host().exists("/etc/kubernetes/kubelet.conf"));
    });

    it("is no such reset for a cluster that knows marks, even where quorate has made a member once", async () => {
        oldReset();
        host().write("/etc/kubernetes/quorate/member", "");
        await assert.rejects(teardown().reset(w3, CLUSTER), /looks at no mark/);
        assert.ok(host().exists("/etc/kubernetes/quorate/member"));
    });

    for (const path of ["/etc/kubernetes/quorate/member", "/etc/haproxy/quorate/haproxy.cfg"]) {
        it(`is an earlier version's reset for a request of that version, by ${path}`, async () => {
            host().write("/etc/kubernetes/x", "");
            host().write(path, "");
            oldReset();
            await teardown().reset(w3, undefined);
            assert.equal(host().exists("/etc/kubernetes"), false);
        });
    }

    it("is the host's own reset, for the cluster that asks", async () => {
        host().write(MARK, "cluster=sample\n");
        host().write(RESET, `#!/bin/bash\necho "$*" >${host().at("/run/asked")}\n`, 0o755);
        await teardown().reset(w3, CLUSTER);
        assert.equal(host().read("/run/asked"), "sample 0f1e\n");
        host().write(RESET, "#!/bin/bash\necho 'w3: not clean, this is left: /var/lib/etcd' >&2\nexit 1\n", 0o755);
        await assert.rejects(teardown().reset(w3, CLUSTER), /not clean, this is left: \/var\/lib\/etcd/);
    });

    it("is only the mark taken away where nothing else was ever put, or where a reset ended right before that", async () => {
        host().write(MARK, "cluster=sample\n");
        await teardown().reset(w3, CLUSTER);
        assert.equal(host().exists("/var/lib/quorate"), false);
    });

    it("is a failure that names what stays where there is no reset any more", async () => {
        host().write(MARK, "cluster=sample\n");
        host().write("/etc/kubernetes/pki/ca.key", "key");
        host().write("/var/lib/etcd/member/db", "data");
        await assert.rejects(
            teardown().reset(w3, CLUSTER),
            /there is no \/usr\/local\/lib\/quorate\/reset, so this stays: \/etc\/kubernetes\/pki\/ca\.key \/var\/lib\/etcd\/member; install/,
        );
        assert.ok(host().exists(MARK));
    });
});
