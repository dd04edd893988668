import assert from "node:assert/strict";
import path from "node:path";
import { loadScript } from "../../../../components/command/hostScript";
import { bashHost } from "../bashHost";

const script = loadScript(path.resolve(__dirname, "../../../../components/host"), "reset.sh");
/** The functions of the reset without its own calls. */
const [functions = ""] = script.split("\npods=");
const file = (content: string, mode = "0644") => ({ files: [{ path: "/etc/app/app.conf", mode, content }] });

describe("the reset of a host", () => {
    const host = bashHost();
    const restore = () => host().run(`${functions}\nrestore_files`);

    it("is taken apart as this test expects", () => assert.match(functions, /^restore_files\(\) \{$/m));

    it("removes the files that quorate made", () => {
        host().changes(file("ours"));
        assert.equal(restore().code, 0);
        assert.equal(host().exists("/etc/app/app.conf"), false);
    });

    it("brings back what stood there before, however often quorate changed it", () => {
        host().write("/etc/app/app.conf", "theirs\n");
        host().changes(file("ours"));
        host().changes(file("ours, later"));
        restore();
        assert.equal(host().read("/etc/app/app.conf"), "theirs\n");
    });

    for (const mode of ["0600", "0755"]) {
        it(`brings a file back with the permissions it had, ${mode}`, () => {
            host().write("/etc/app/app.conf", "theirs\n", Number.parseInt(mode, 8));
            host().changes(file("ours"));
            restore();
            assert.equal(host().mode("/etc/app/app.conf"), mode);
        });
    }

    it("may run twice, and where quorate never was", () => {
        assert.equal(restore().code, 0);
        host().changes(file("ours"));
        restore();
        assert.equal(restore().code, 0);
    });

    it("empties a folder but keeps it, as it may be a mount point", () => {
        host().write("/var/lib/kubelet/pods/a/b", "x");
        host().write("/var/lib/kubelet/.hidden", "x");
        assert.equal(host().run(`${functions}\nempty /var/lib/kubelet`).code, 0);
        assert.equal(host().run("ls -A /var/lib/kubelet; echo kept").stdout, "kept\n");
    });
});

describe("a host after its reset", () => {
    const host = bashHost();
    const programs = ["awk", "cat", "cp", "find", "grep", "hostname", "rm", "rmdir", "sed", "sort"];
    const services = ["systemctl", "ctr", "pkill", "ip", "nft", "umount", "apt-mark"];
    const reset = () => {
        for (const name of services) host().fake(name, name === "systemctl" ? '[ "$1" != is-active ]' : "");
        return host().runWith(programs, script);
    };
    /** Where quorate puts something of its own. */
    const ours = [
        ...["/etc/kubernetes/quorate/cluster.yaml", "/etc/containerd/config.toml", "/etc/haproxy/quorate/haproxy.cfg"],
        ...["/usr/local/bin/kubelet", "/opt/cni/bin/bridge", "/usr/local/lib/quorate/steps.sh"],
        ...["/etc/systemd/system/kubelet.service", "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf"],
    ];
    const install = () => {
        const { code, stderr } = host().step({
            files: ours.map((at) => ({ path: at, mode: "0644", content: "ours" })),
        });
        assert.equal(code, 0, stderr);
        host().write("/var/lib/etcd/member/snap/db", "data");
        host().write("/etc/cni/net.d/10-quorate.conflist", "{}");
        host().write("/var/log/pods/x/0.log", "x");
    };

    it("holds nothing of quorate's and no data", () => {
        install();
        const { code, stdout, stderr } = reset();
        assert.equal(code, 0, stderr);
        assert.match(stdout, /: clean$/m);
        const left = host().run("find /etc/ /opt/ /usr/local/ /var/ -type f");
        assert.equal(left.stdout, "");
        assert.ok(host().exists("/var/lib/etcd"), "may be a mount point");
    });

    for (const theirs of ["/etc/containerd/config.toml", "/etc/cni/net.d/99-theirs.conflist", "/opt/cni/bin/theirs"]) {
        it(`still has its owner's ${theirs}`, () => {
            host().write(theirs, "theirs\n");
            install();
            reset();
            assert.ok(host().exists(theirs), "gone");
            assert.equal(host().read(theirs), "theirs\n");
        });
    }

    it("may be reset again", () => {
        install();
        reset();
        assert.equal(reset().code, 0);
    });
});
