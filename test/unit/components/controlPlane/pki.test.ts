import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { renderPki } from "../../../../components/controlPlane/controlPlaneScripts";
import { type BashHost, bashHost } from "../bashHost";
import { assertSameEndWhenKilled } from "../killedAtEachLine";
import { config, cp1, fakePki, fields, runPki } from "./fakePki";

/** What the first control plane hands out. */
function identity(host: BashHost): string {
    const { code, stdout, stderr } = runPki(host);
    assert.equal(code, 0, stderr);
    return stdout;
}

describe("the identity of a cluster", () => {
    const host = bashHost();
    beforeEach(() => fakePki(host()));

    it("is handed out with the founding members and all keys, and without a token", () => {
        const handed = fields(identity(host()));
        assert.deepEqual([...handed.keys()], ["founding", "etcd-token", "ca-hash", "authority", "identity"]);
        assert.match(handed.get("founding") ?? "", /^cp1=https:\/\/10\.89\.0\.21:2380,cp2=/);
        const archive = Buffer.from(handed.get("identity") ?? "", "base64");
        const names = execFileSync("tar", ["-tzf", "-"], { input: archive, encoding: "utf8" }).trimEnd().split("\n");
        assert.deepEqual(names.sort(), [
            "pki/ca.crt",
            "pki/ca.key",
            "pki/etcd/ca.crt",
            "pki/etcd/ca.key",
            "pki/front-proxy-ca.crt",
            "pki/front-proxy-ca.key",
            "pki/sa.key",
            "pki/sa.pub",
            "quorate/encryption.yaml",
        ]);
    });

    it("is made once: an interrupted founding finds the same again", () => {
        assert.equal(identity(host()), identity(host()));
    });

    for (const phase of ["ca", "front-proxy-ca", "etcd-ca", "sa"]) {
        it(`is made whole by the next run when the phase ${phase} has ended half-way`, () => {
            fakePki(host(), { broken: phase });
            assert.notEqual(runPki(host()).code, 0);
            const before = host().exists("/etc/kubernetes/pki/ca.crt") ? host().read("/etc/kubernetes/pki/ca.crt") : "";
            fakePki(host());
            const handed = fields(identity(host()));
            assert.notEqual(handed.get("identity"), undefined);
            if (before !== "") assert.equal(host().read("/etc/kubernetes/pki/ca.crt"), before);
            assert.equal(host().exists(`/etc/kubernetes/quorate/making-${phase}`), false);
        });
    }

    it("does not take half a pair for its own that it did not begin", () => {
        host().write("/etc/kubernetes/pki/ca.crt", "somebody's\n");
        const { code, stderr } = runPki(host());
        assert.equal(code, 1);
        assert.match(stderr, /of \/etc\/kubernetes\/pki\/ca\.crt and \/etc\/kubernetes\/pki\/ca\.key one is missing/);
        assert.equal(host().read("/etc/kubernetes/pki/ca.crt"), "somebody's\n");
    });

    it("is not made anew while another control plane serves a cluster: this host was installed anew", () => {
        // So many headers that curl cannot write them all at once.
        const answer = 'printf "HTTP/2 401\\r\\nAudit-Id: 1\\r\\n"; yes "X-More: 1" | head -n 20000';
        host().fake("curl", `case "$*" in *10.89.0.23:6443*) ${answer} ;; *) exit 7 ;; esac`);
        const { code, stdout, stderr } = runPki(host());
        assert.deepEqual([code, stdout], [1, ""]);
        assert.match(
            stderr,
            /this host has no pki\/ca\.key, but 10\.89\.0\.23 serves a cluster already.*put a control plane/,
        );
        assert.equal(host().exists("/etc/kubernetes/pki"), false);
    });

    it("asks nobody when it is there", () => {
        identity(host());
        const asked = host()
            .calls()
            .filter((call) => call.startsWith("curl ")).length;
        identity(host());
        assert.equal(
            host()
                .calls()
                .filter((call) => call.startsWith("curl ")).length,
            asked,
        );
    });

    it("has its own token for etcd, kept for this creation and new for the next (TRAPS 5)", () => {
        host().fake("openssl", 'if [ "$1" = rand ]; then od -An -N "$3" -tx1 /dev/urandom | tr -d " "; fi');
        const token = () => fields(identity(host())).get("etcd-token") ?? "";
        const [first, again] = [token(), token()];
        assert.match(first, /^quorate-sample-[0-9a-f]{16}$/);
        assert.equal(again, first);
        host().run("rm -r /etc/kubernetes");
        assert.match(token(), /^quorate-sample-[0-9a-f]{16}$/);
        assert.notEqual(token(), first);
    });

    it("keeps the token of a founding that an older quorate began", () => {
        host().write("/etc/kubernetes/quorate/founding", "cp1=https://10.89.0.21:2380");
        assert.equal(fields(identity(host())).get("etcd-token"), "quorate-sample");
    });

    it("has no founding members and no token for etcd once the cluster is formed", () => {
        const before = fields(identity(host()));
        host().write("/etc/kubernetes/quorate/formed", "");
        const after = fields(identity(host()));
        assert.deepEqual([after.get("founding"), after.get("etcd-token")], ["none", "none"]);
        assert.equal(after.get("identity"), before.get("identity"));
    });

    for (const missing of ["pki/etcd/ca.key", "pki/sa.pub", "quorate/encryption.yaml"]) {
        it(`is not mended behind the back of a formed cluster: without ${missing} it is refused`, () => {
            identity(host());
            host().write("/etc/kubernetes/quorate/formed", "");
            host().run(`rm /etc/kubernetes/${missing}`);
            assert.notEqual(runPki(host()).code, 0);
            assert.equal(host().exists(`/etc/kubernetes/${missing}`), false);
        });
    }

    it("is never made on a host that is a node of some cluster", () => {
        host().write("/etc/kubernetes/kubelet.conf", "");
        const { code, stdout, stderr } = runPki(host());
        assert.deepEqual([code, stdout], [1, ""]);
        assert.match(stderr, /this host is a node without the cluster's pki\/ca\.key; put a/);
    });

    it("leaves keys that only root reads, and none in the log", () => {
        const handed = fields(identity(host()));
        for (const name of ["encryption.yaml", "etcd-token", "founding"]) {
            assert.equal(host().mode(`/etc/kubernetes/quorate/${name}`), "0600");
        }
        assert.ok(
            !host()
                .read("/var/log/quorate/pki.log")
                .includes(handed.get("identity") ?? "?"),
        );
    });

    it("is the same when its making is killed", function () {
        this.timeout(120_000);
        assertSameEndWhenKilled(host(), renderPki(config, cp1), {
            normalise: (text) => text.replace(/secret: .*/, "secret: (random)").replace(/^identity .*$/m, "identity"),
        });
    });
});
