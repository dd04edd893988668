import assert from "node:assert/strict";
import { bashHost } from "../bashHost";
import { assertSameEndWhenKilled } from "../killedAtEachLine";
import { FOUNDING, MARK, accept, acceptText, acceptable, assertRefused } from "./acceptableHost";

const OURS = `cluster=sample\nhost=w1\nfounding=${FOUNDING}\n`;
const OLD_BALANCER = "backend k8s-api\n    default-server check\n    server cp1 10.89.0.21:6443\n";
const certificate = (host: { run(text: string): { stdout: string } }, at: string) =>
    host.run(
        `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=kubernetes -days 1 -keyout /dev/null -out ${at} 2>/dev/null
         openssl x509 -in ${at} -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1`,
    );

describe("a host that nothing speaks against", () => {
    const host = bashHost();

    for (const name of ["w1", "cp2", "lb1"]) {
        it(`is taken: ${name} gets the mark, and nothing else`, () => {
            acceptable(host());
            const before = new Set(host().tree().keys());
            const { code, stdout, stderr } = accept(host(), { name });
            assert.equal(code, 0, stderr);
            assert.equal(stdout, host().read(MARK));
            assert.equal(host().read(MARK), `cluster=sample\nhost=${name}\nfounding=${FOUNDING}\n`);
            assert.equal(host().mode(MARK), "0644");
            const added = [...host().tree().keys()].filter((path) => !before.has(path) && path !== "/calls");
            assert.deepEqual(added.sort(), ["/run/quorate.lock", "/var/lib/quorate", MARK]);
        });
    }

    it("is not asked again once it has the mark, whatever it is like by then", () => {
        acceptable(host(), { uname: "echo 4.18.0", ss: "echo 'LISTEN 0 128 *:10250 *:*'" });
        host().write(MARK, OURS);
        host().write("/etc/kubernetes/kubelet.conf", "");
        const { code, stdout, stderr } = accept(host());
        assert.equal(code, 0, stderr);
        assert.equal(stdout, OURS);
    });

    it("is taken in the end, wherever the step was killed before", function () {
        this.timeout(120_000);
        acceptable(host());
        assertSameEndWhenKilled(host(), acceptText(), { ignore: /^\/run/ });
    });
});

describe("a host of somebody else", () => {
    const host = bashHost();

    it("is refused with everything that speaks against it at once, and stays byte for byte as it was", () => {
        acceptable(host(), {
            ps: "echo containerd-shim; echo containerd-shim; echo dockerd",
            ss: `echo 'LISTEN 0 128 127.0.0.1:10248 0.0.0.0:* users:(("kubelet",pid=7,fd=3))'
                 echo 'LISTEN 0 128 *:10250 *:* users:(("kubelet",pid=7,fd=4))'
                 echo 'LISTEN 0 128 [::]:10250 [::]:* users:(("kubelet",pid=7,fd=5))'`,
        });
        host().write("/etc/kubernetes/kubelet.conf", "clusters:\n- cluster:\n    server: https://10.1.1.1:6443\n");
        host().write("/etc/kubernetes/manifests/etcd.yaml", "x");
        host().write("/etc/kubernetes/manifests/kube-apiserver.yaml", "x");
        host().write("/etc/kubernetes/pki/ca.key", "x");
        host().write("/etc/kubernetes/pki/ca.crt", "x");
        host().write("/var/lib/etcd/member/snap/db", "data");
        host().write("/etc/cni/net.d/10-flannel.conflist", "{}");
        assertRefused(host(), [
            /kubelet\.conf is there: it is a node of a cluster at https:\/\/10\.1\.1\.1:6443/,
            /manifests holds etcd\.yaml kube-apiserver\.yaml/,
            /pki holds ca\.key ca\.crt/,
            /\/var\/lib\/etcd\/member is there: data of an etcd/,
            /net\.d holds 10-flannel\.conflist/,
            /containerd-shim \(2\), dockerd \(1\)/,
            /port 10248 is taken by kubelet/,
            /port 10250 is taken by kubelet/,
        ]);
    });

    const single: readonly (readonly [what: string, path: string, objection: RegExp])[] = [
        ["a node", "/etc/kubernetes/kubelet.conf", /kubelet\.conf/],
        ["a static pod", "/etc/kubernetes/manifests/app.yaml", /app\.yaml/],
        ["a CA's key", "/etc/kubernetes/pki/ca.key", /ca\.key/],
        ["a CA", "/etc/kubernetes/pki/ca.crt", /ca\.crt/],
        ["data of etcd", "/var/lib/etcd/member/wal/0.wal", /\/var\/lib\/etcd\/member/],
        ["a pod network", "/etc/cni/net.d/87-podman.conf", /87-podman\.conf/],
    ];
    for (const [index, [what, path, objection]] of single.entries()) {
        const name = ["cp1", "lb1", "w1"][index % 3] ?? "";
        it(`is refused for ${what} alone, offered as ${name}`, () => {
            acceptable(host()).write(path, "theirs");
            assertRefused(host(), [objection], { name });
        });
    }

    it("is refused with the data of etcd behind a link", () => {
        acceptable(host()).write("/var/data/etcd/member/snap/db", "data");
        host().run(`ln -s ${host().at("/var/data/etcd")} ${host().at("/var/lib/etcd")}`);
        assertRefused(host(), [/\/var\/data\/etcd\/member is there/], { name: "cp1" });
    });

    it("is refused when a folder of the cluster would be a link to somebody's files", () => {
        acceptable(host()).write("/var/data/photos/1.jpg", "x");
        host().run(`ln -s ${host().at("/var/data")} ${host().at("/var/lib/kubelet")}`);
        assertRefused(host(), [/\/var\/lib\/kubelet is a link to \/var\/data, which holds photos: the folder/]);
    });

    const emptied: readonly (readonly [what: string, path: string, objection: RegExp])[] = [
        ["etcd's folder", "/var/lib/etcd/backup/db", /\/var\/lib\/etcd holds backup: /],
        ["kubelet's folder", "/var/lib/kubelet/.theirs", /\/var\/lib\/kubelet holds \.theirs: /],
        [
            "a folder of kubelet's of the name of etcd's",
            "/var/lib/kubelet/member/x",
            /\/var\/lib\/kubelet holds member: /,
        ],
        [
            "the folder of Kubernetes",
            "/etc/kubernetes/theirs/admin.conf",
            /\/etc\/kubernetes holds theirs\/admin\.conf: /,
        ],
        ["the folder of keys", "/etc/kubernetes/pki/sa.key", /\/etc\/kubernetes holds pki\/sa\.key: /],
        ["a hidden file among manifests", "/etc/kubernetes/manifests/.x", /\/etc\/kubernetes holds manifests\/\.x: /],
    ];
    for (const [index, [what, path, objection]] of emptied.entries()) {
        const name = ["cp1", "lb1", "w1"][index % 3] ?? "";
        it(`is refused for anything that a reset would delete in ${what}, offered as ${name}`, () => {
            acceptable(host()).write(path, "theirs");
            assertRefused(host(), [objection], { name });
        });
    }

    it("is refused for links below /etc/kubernetes, even such as lead nowhere", () => {
        acceptable(host()).write("/etc/kubernetes/pki/x", "");
        host().run(
            "rm /etc/kubernetes/pki/x; ln -s nowhere /etc/kubernetes/pki/x; ln -s nowhere /etc/kubernetes/kubelet.conf",
        );
        assertRefused(host(), [/\/etc\/kubernetes holds pki\/x: /, /kubelet\.conf is there/]);
    });

    it("is told the first three of many files, and that there are more", () => {
        acceptable(host());
        for (const name of ["a", "b", "c", "d"]) host().write(`/var/lib/kubelet/${name}`, "x");
        assertRefused(host(), [/\/var\/lib\/kubelet holds (\w ){3}and more: /]);
    });

    it("may have empty folders, a file system's own, and images prepared for containerd", () => {
        acceptable(host()).write("/var/lib/containerd/io.containerd.content.v1.content/blobs/x", "x");
        host().run("mkdir -p /var/lib/etcd/lost+found /var/lib/kubelet/lost+found /etc/kubernetes/manifests");
        const { code, stderr } = accept(host());
        assert.equal(code, 0, stderr);
    });

    it("keeps its own pod network of ours: that of an interrupted run", () => {
        acceptable(host()).write("/etc/cni/net.d/10-quorate.conflist", "{}");
        assert.equal(accept(host()).code, 0);
    });

    const listeners: Readonly<Record<string, readonly number[]>> = {
        cp1: [6443, 2379, 2380, 2381, 10250, 10248, 10257, 10259, 10249, 10256, 80, 443],
        w1: [10250, 10248, 10249, 10256],
        lb1: [8404, 6443, 80, 443],
    };
    for (const [name, ports] of Object.entries(listeners)) {
        it(`is refused for every port that ${name} listens on and somebody else has, ${ports.join(", ")}`, () => {
            const lines = ports.map((port) => `echo 'LISTEN 0 128 *:${port} *:* users:(("nginx",pid=7,fd=3))'`);
            acceptable(host(), { ss: lines.join("\n") });
            const objections = ports.map((port) => new RegExp(`port ${port} is taken by nginx`));
            assertRefused(host(), objections, { name });
        });
    }

    it("is refused as a balancer for an HAProxy that serves somebody, on whatever port", () => {
        acceptable(host(), {
            ss: `echo 'LISTEN 0 128 10.89.0.11:3306 0.0.0.0:* users:(("haproxy",pid=7,fd=3))'
                 echo 'LISTEN 0 128 [::]:3306 [::]:* users:(("haproxy",pid=7,fd=4))'
                 echo 'LISTEN 0 128 *:5432 *:* users:(("haproxy",pid=7,fd=5))'
                 echo 'LISTEN 0 128 *:22 *:* users:(("sshd",pid=8,fd=3))'`,
        });
        assertRefused(host(), [/HAProxy serves somebody here, on 3306 5432: its configuration would be replaced/], {
            name: "lb1",
        });
    });

    it("may have an HAProxy that runs and listens nowhere, as its package starts it", () => {
        acceptable(host(), { ps: "echo haproxy; echo haproxy" });
        assert.equal(accept(host(), { name: "lb1" }).code, 0);
    });

    it("may have an HAProxy of its owner's where none of ours comes", () => {
        acceptable(host(), { ss: `echo 'LISTEN 0 128 *:3306 *:* users:(("haproxy",pid=7,fd=3))'` });
        assert.equal(accept(host(), { name: "w1" }).code, 0);
    });

    it("may listen on any other port", () => {
        acceptable(host(), { ss: "echo 'LISTEN 0 128 *:110250 *:*'; echo 'LISTEN 0 128 0.0.0.0:22 0.0.0.0:*'" });
        assert.equal(accept(host()).code, 0);
    });
});

describe("the mark of a host", () => {
    const host = bashHost();

    it("of another cluster is named", () => {
        acceptable(host()).write(MARK, "cluster=prod\nhost=node7\nfounding=ffff\n");
        assertRefused(host(), [/belongs to cluster prod, as host node7/]);
    });

    it("of this cluster under another name is named: the old one leaves first", () => {
        acceptable(host()).write(MARK, `cluster=sample\nhost=w2\nfounding=${FOUNDING}\n`);
        assertRefused(host(), [/in this cluster already, as w2/]);
    });

    it("of another cluster of the same name, or an earlier one, is named, and its reset is no first advice", () => {
        acceptable(host()).write(MARK, "cluster=sample\nhost=w1\nfounding=ffff\n");
        assertRefused(host(), [
            /another cluster of the name sample, or an earlier one .*only when that one is given up, run \/usr\/local\/lib\/quorate\/reset/,
        ]);
    });

    it("without a name is no mark", () => {
        acceptable(host()).write(MARK, "");
        assertRefused(host(), [/owner names no cluster/]);
    });

    it("is written on a node that an earlier version made, when its CA is the recorded one", () => {
        acceptable(host(), { ps: "echo kubelet" }).write("/etc/kubernetes/kubelet.conf", "");
        host().write("/etc/kubernetes/pki/x", "");
        const caHash = `sha256:${certificate(host(), host().at("/etc/kubernetes/pki/ca.crt")).stdout.trim()}`;
        const { code, stderr } = accept(host(), { recorded: { caHash, servers: [] } });
        assert.equal(code, 0, stderr);
        assert.equal(host().read(MARK), OURS);
    });

    it("is written anew when the cluster's id is another one and the node's CA is the recorded one", () => {
        acceptable(host()).write(MARK, "cluster=sample\nhost=w1\nfounding=ffff\n");
        host().write("/etc/kubernetes/pki/x", "");
        const caHash = `sha256:${certificate(host(), host().at("/etc/kubernetes/pki/ca.crt")).stdout.trim()}`;
        assert.equal(accept(host(), { recorded: { caHash, servers: [] } }).code, 0);
        assert.equal(host().read(MARK), OURS);
    });

    it("is not written on a node with another CA than the recorded one", () => {
        acceptable(host()).write("/etc/kubernetes/pki/x", "");
        certificate(host(), host().at("/etc/kubernetes/pki/ca.crt"));
        host().run("rm /etc/kubernetes/pki/x");
        assertRefused(host(), [/pki holds ca\.crt/], { recorded: { caHash: "sha256:0a", servers: [] } });
    });

    it("is written on a balancer that an earlier version made, when it has the recorded servers", () => {
        acceptable(host(), { ps: "echo keepalived", ss: "echo 'LISTEN 0 1 *:8404 *:*'" });
        host().write("/etc/haproxy/quorate/haproxy.cfg", OLD_BALANCER);
        const recorded = { caHash: "sha256:0a", servers: ["10.89.0.21:6443", "10.89.0.22:6443"] };
        assert.equal(accept(host(), { name: "lb1", recorded }).code, 0);
        assert.match(host().read(MARK), /^host=lb1$/m);
    });

    it("is not written on a balancer of somebody else", () => {
        acceptable(host(), { ps: "echo keepalived", ss: "echo 'LISTEN 0 1 *:8404 *:*'" });
        host().write("/etc/haproxy/quorate/haproxy.cfg", OLD_BALANCER);
        const recorded = { caHash: "sha256:0a", servers: ["10.1.1.1:6443"] };
        assertRefused(host(), [/keepalived \(1\)/, /port 8404/], { name: "lb1", recorded });
    });
});
