import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { loadScript } from "../../../../components/command/hostScript";
import { type BashHost, bashHost } from "../bashHost";
import { assertSameEndWhenKilled } from "../killedAtEachLine";

const script = loadScript(path.resolve(__dirname, "../../../../components/host"), "reset.sh");
/** The functions of the reset without its own calls, which would reach this machine's services. */
const functions = script.slice(0, script.lastIndexOf('\nmain "$@"'));
assert.ok(functions.length < script.length, "the reset is not taken apart as this test expects");
const file = (content: string, mode = "0644") => ({ files: [{ path: "/etc/app/app.conf", mode, content }] });

describe("the reset of a host", () => {
    const host = bashHost();
    const restore = () => host().run(`${functions}\nrestore_files`);

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
        host().fake("findmnt", "echo /");
        host().write("/var/lib/kubelet/pods/a/b", "x");
        host().write("/var/lib/kubelet/.hidden", "x");
        assert.equal(host().run(`${functions}\nempty /var/lib/kubelet`).code, 0);
        assert.equal(host().run("ls -A /var/lib/kubelet; echo kept").stdout, "kept\n");
    });
});

const MARK = "/var/lib/quorate/owner";
const OURS = "cluster=sample\nhost=w1\nfounding=0f1e2d3c4b5a6978\n";
const PROGRAMS = [
    "awk",
    "cat",
    "cp",
    "find",
    "flock",
    "grep",
    "ls",
    "mkdir",
    "readlink",
    "rm",
    "rmdir",
    "sed",
    "sort",
    "timeout",
];
/** What the reset must never find the machine's own of. */
const SERVICES = [
    ...["systemctl", "ctr", "pkill", "ip", "nft", "apt-mark", "hostname"],
    ...["iptables-save", "iptables-restore", "ip6tables-save", "ip6tables-restore"],
];

/** A host with the programs that a reset needs, and a table of mounts in /mounts that its `umount` writes. */
function resettable(host: BashHost, umount = ""): void {
    for (const name of SERVICES) host.fake(name, name === "systemctl" ? '[ "$1" != is-active ]' : "");
    host.write("/mounts", "/\n");
    const table = host.at("/mounts");
    host.fake("findmnt", `cat ${table}`);
    host.fake(
        "umount",
        `${umount}\ngrep -vxF "\${@: -1}" ${table} >${table}.new; cat ${table}.new >${table}; rm ${table}.new`,
    );
}

describe("the reset of a host and the mark", () => {
    const host = bashHost();
    const reset = (cluster = "") => host().runWith(PROGRAMS, `set -- ${cluster}\n${script}`);
    const foreign = () => {
        resettable(host());
        host().write("/var/lib/etcd/member/snap/db", "theirs");
        host().write("/etc/kubernetes/pki/ca.key", "theirs");
    };

    it("touches nothing on a host without a mark, and says so", () => {
        foreign();
        const before = host().tree();
        const { code, stderr } = reset();
        assert.equal(code, 1);
        assert.match(stderr, /not reset: there is no \/var\/lib\/quorate\/owner/);
        for (const [path, content] of before) assert.equal(host().tree().get(path), content, path);
        assert.deepEqual(host().calls(), []);
    });

    it("touches nothing on a host of another cluster than the one it is asked for", () => {
        foreign();
        host().write(MARK, OURS);
        const { code, stderr } = reset("prod");
        assert.equal(code, 1);
        assert.match(stderr, /belongs to cluster sample, not to prod/);
        assert.ok(host().exists("/etc/kubernetes/pki/ca.key"));
        assert.deepEqual(host().calls(), []);
    });

    it("touches nothing on a host of another cluster of the same name", () => {
        foreign();
        host().write(MARK, OURS);
        const { code, stderr } = reset("sample ffff");
        assert.equal(code, 1);
        assert.match(stderr, /belongs to a cluster sample founded as 0f1e2d3c4b5a6978, not as ffff/);
        assert.ok(host().exists("/etc/kubernetes/pki/ca.key"));
        assert.deepEqual(host().calls(), []);
    });

    it("works on a host whose mark has the name and the id it is asked for", () => {
        foreign();
        host().write(MARK, OURS);
        const { stderr } = reset("sample 0f1e2d3c4b5a6978");
        assert.doesNotMatch(stderr, /not reset/);
        assert.equal(host().exists("/etc/kubernetes/pki/ca.key"), false);
    });

    it("cleans a host of the cluster that it is asked for", () => {
        foreign();
        host().write(MARK, OURS);
        assert.equal(reset("sample").code, 0);
        assert.equal(host().exists("/etc/kubernetes"), false);
        assert.equal(host().exists("/var/lib/quorate"), false);
    });
});

describe("the reset of a host with links and mounts", () => {
    const host = bashHost();
    const reset = () => host().runWith(PROGRAMS, script);
    const pod = "/var/lib/kubelet/pods/a/volumes/data";
    beforeEach(() => {
        resettable(host());
        host().write(MARK, OURS);
    });

    it("empties the folder behind a link, and keeps both", () => {
        host().write("/var/data/etcd/member/snap/db", "x");
        host().run(`ln -s ${host().at("/var/data/etcd")} ${host().at("/var/lib/etcd")}`);
        const { code, stderr } = reset();
        assert.equal(code, 0, stderr);
        assert.equal(host().run("ls -A /var/data/etcd; ls -A /var/lib/etcd/").stdout, "");
        assert.ok(host().exists("/var/lib/etcd"));
    });

    it("empties the folders behind a link that is /var/lib itself, and unmounts what lies there", () => {
        host().run("mv /var/lib /var/elsewhere; ln -s elsewhere /var/lib");
        host().write("/var/lib/etcd/member/snap/db", "x");
        host().write(`${pod}/theirs`, "x");
        host().write("/mounts", `/\n${host().at("/var/elsewhere/kubelet/pods/a/volumes/data")}\n`);
        const { code, stderr } = reset();
        assert.equal(code, 0, stderr);
        assert.equal(host().run("find /var/elsewhere/ -type f").stdout, "");
        assert.equal(host().read("/mounts"), "/\n");
        assert.ok(
            host()
                .calls()
                .some((call) => call.startsWith("umount ") && call.endsWith("/volumes/data")),
        );
    });

    it("deletes nothing through a volume that cannot be unmounted, fails and names it", () => {
        resettable(host(), "exit 32");
        host().write(`${pod}/theirs`, "x");
        host().write("/var/lib/kubelet/config.yaml", "x");
        host().write("/mounts", `${host().at(pod)}\n`);
        const { code, stdout, stderr } = reset();
        assert.equal(code, 1);
        assert.doesNotMatch(stdout, /clean/);
        assert.match(stderr, /not clean, this is left: \/var\/lib\/kubelet\/pods\/a\/volumes\/data \(still mounted\)/);
        assert.ok(host().exists(`${pod}/theirs`), "deleted through the mount");
        assert.ok(host().exists(MARK), "can be repeated");
    });

    it("lets go lazily of a volume that is busy", () => {
        resettable(host(), '[ "$1" = --lazy ] || exit 32');
        host().write("/var/lib/kubelet/config.yaml", "x");
        host().write("/mounts", `${host().at("/var/lib/kubelet/with\\x20space")}\n`);
        host().fake("findmnt", `cat ${host().at("/mounts")}`);
        host().fake("umount", `[ "$1" = --lazy ] && [[ $2 == *"/with space" ]] && echo / >${host().at("/mounts")}`);
        const { code, stderr } = reset();
        assert.equal(code, 0, stderr);
        assert.equal(host().exists("/var/lib/kubelet/config.yaml"), false);
    });

    const untold: readonly (readonly [what: string, breaks: () => void])[] = [
        ["there is no findmnt", () => host().run("rm /fakes/findmnt".replace("/fakes", host().at("/fakes")))],
        ["findmnt fails", () => host().fake("findmnt", "echo /; exit 1")],
        ["findmnt says nothing", () => host().fake("findmnt")],
    ];
    for (const [what, breaks] of untold) {
        it(`deletes no data when nobody can tell what is mounted, as ${what}`, () => {
            host().write(`${pod}/theirs`, "x");
            host().write("/etc/kubernetes/pki/ca.key", "x");
            breaks();
            const { code, stdout, stderr } = reset();
            assert.equal(code, 1);
            assert.doesNotMatch(stdout, /clean/);
            assert.match(stderr, /this is left: \/var\/lib\/kubelet \(mounts cannot be told\); /);
            for (const kept of [`${pod}/theirs`, "/etc/kubernetes/pki/ca.key", MARK])
                assert.ok(host().exists(kept), kept);
        });
    }

    it("lets go of the networks of pods, and of no network namespace of the host's owner", () => {
        const names = ["cni-0a1b", "theirs", "cni-2c3d"];
        host().write("/mounts", ["/", ...names.map((name) => host().at(`/run/netns/${name}`)), ""].join("\n"));
        const { code, stderr } = reset();
        assert.equal(code, 0, stderr);
        assert.equal(host().read("/mounts"), "/\n/run/netns/theirs\n");
    });

    it("goes on when what was left is let go", () => {
        resettable(host(), "exit 32");
        host().write("/mounts", `${host().at(pod)}\n`);
        host().write("/var/lib/kubelet/config.yaml", "x");
        assert.equal(reset().code, 1);
        host().write("/mounts", "/\n");
        assert.equal(reset().code, 0);
        assert.equal(host().run("ls -A /var/lib/kubelet").stdout, "");
    });

    it("spares what is really mounted: another file system that is busy, and a folder of the same one", function () {
        if (process.getuid?.() !== 0 || !existsSync("/usr/bin/unshare")) this.skip();
        host().run("rm /fakes/findmnt /fakes/umount".replaceAll("/fakes", host().at("/fakes")));
        host().write("/var/theirs/photo.jpg", "theirs");
        host().write("/var/lib/kubelet/config.yaml", "x");
        const { stdout, stderr } = host().run(`
            cat >/run/reset-text <<'END'
${script}
END
            unshare --mount --propagation private bash -c '
                mkdir -p /var/lib/kubelet/pods/a/busy "/var/lib/kubelet/pods/a/of the same"
                mount -t tmpfs none /var/lib/kubelet/pods/a/busy
                touch /var/lib/kubelet/pods/a/busy/data
                mount --bind /var/theirs "/var/lib/kubelet/pods/a/of the same"
                exec 9<"/var/lib/kubelet/pods/a/busy/data"
                bash /run/reset-text
                echo "ended with $?; $(stat -L -c %h /proc/self/fd/9) name"'`);
        assert.match(stdout, /: clean\nended with 0; 1 name/, stderr);
        assert.equal(host().read("/var/theirs/photo.jpg"), "theirs");
        assert.equal(host().run("ls -A /var/lib/kubelet").stdout, "");
    });

    it("fails and names the folder when data cannot be deleted", () => {
        host().write("/var/lib/etcd/member/snap/db", "x");
        host().fake("find", `case "$*" in *etcd*-delete*) exit 1 ;; esac; exec ${host().at("/programs/find")} "$@"`);
        const { code, stderr } = reset();
        assert.equal(code, 1);
        assert.match(stderr, /not clean, this is left: \/var\/lib\/etcd/);
        assert.ok(host().exists(MARK));
    });
});

describe("the turn of a reset", () => {
    const host = bashHost();
    const reset = () => host().runWith(PROGRAMS, script);
    beforeEach(() => {
        resettable(host());
        host().write(MARK, OURS);
        host().write("/etc/kubernetes/pki/ca.key", "x");
    });

    it("is the same as that of the steps, for as long as it works", () => {
        const lock = host().at("/run/quorate.lock");
        host().fake(
            "nft",
            `${host().at("/programs/flock")} -n ${lock} echo free >>${host().at("/turn")} || echo taken >>${host().at("/turn")}`,
        );
        const { code, stderr } = reset();
        assert.equal(code, 0, stderr);
        assert.equal(host().read("/turn"), "taken\n");
        assert.equal(host().mode("/run/quorate.lock"), "0600");
    });

    it("does not come while a step keeps it: nothing is changed then, and that is said", () => {
        host().fake("flock", "exit 1");
        const { code, stderr } = reset();
        assert.equal(code, 1);
        assert.match(stderr, /not reset: another step of quorate has been running here for 4 minutes/);
        assert.ok(host().exists("/etc/kubernetes/pki/ca.key"));
        assert.deepEqual(host().calls(), ["flock -w 240 200"]);
    });

    it("finds the host somebody else's by the time that it comes", () => {
        host().fake("flock", `rm ${host().at(MARK)}`);
        const { code, stderr } = reset();
        assert.equal(code, 1);
        assert.match(stderr, /not reset: there is no \/var\/lib\/quorate\/owner/);
        assert.ok(host().exists("/etc/kubernetes/pki/ca.key"));
    });
});

describe("a host after its reset", () => {
    const host = bashHost();
    const reset = () => host().runWith(PROGRAMS, script);
    beforeEach(() => resettable(host()));
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
        host().write(MARK, OURS);
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

    it("is the same in the end wherever the reset was broken off and run again", function () {
        this.timeout(180_000);
        host().write("/etc/containerd/config.toml", "theirs\n");
        install();
        host().write("/mounts", `/\n${host().at("/var/lib/kubelet/pods/a")}\n`);
        for (const name of PROGRAMS) host().runWith([name], ":");
        assertSameEndWhenKilled(host(), script);
        assert.equal(host().read("/etc/containerd/config.toml"), "theirs\n");
    });

    it("has its reset until nothing else is left, and the mark even longer", () => {
        host().write("/usr/local/lib/quorate/reset", script);
        install();
        host().run("echo /usr/local/lib/quorate/reset >>/var/lib/quorate/files");
        host().fake("systemctl", `[ "$1" != reset-failed ] || kill -KILL $(awk '{ print $4 }' /proc/$PPID/stat) $PPID`);
        reset();
        assert.ok(host().exists("/usr/local/lib/quorate/reset"), "cannot be repeated");
        assert.ok(host().exists(MARK));
    });
});
