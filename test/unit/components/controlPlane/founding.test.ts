import assert from "node:assert/strict";
import {
    renderFinalize,
    renderFound,
    renderIdentity,
    renderInitialise,
} from "../../../../components/controlPlane/controlPlaneScripts";
import type { HostScript } from "../../../../components/command/hostScript";
import { type BashHost, bashHost } from "../bashHost";
import { assertSameEndWhenKilled } from "../killedAtEachLine";
import { config, cp1, fakePki, runPki } from "./fakePki";

const FOUNDING = "cp1=https://10.89.0.21:2380,cp2=https://10.89.0.22:2380";
const kubeadmCalls = (host: BashHost) => host.calls().filter((call) => call.startsWith("kubeadm "));
const run = (host: BashHost, script: HostScript, stdin?: string) =>
    host.step({ ...script, bringsLibrary: true }, stdin);

/** What another control plane has handed out, on a host that has nothing yet. */
function handedOut(host: BashHost, founding = FOUNDING): string {
    fakePki(host);
    const { stdout } = runPki(host);
    host.run("rm -r /etc/kubernetes /var/lib/quorate");
    // Made by the step that prepares every control plane.
    host.write("/var/lib/etcd/lost+found", "");
    return stdout.replace(/^founding .*$/m, `founding ${founding}`);
}

describe("giving a control plane the cluster's identity", () => {
    const host = bashHost();
    const give = (secret: string) => run(host(), renderIdentity(), secret);

    it("unpacks keys that only root reads, and what it is to found", () => {
        assert.equal(give(handedOut(host())).code, 0);
        assert.equal(host().read("/etc/kubernetes/pki/etcd/ca.key"), "etcd/ca.key\n");
        assert.equal(host().read("/etc/kubernetes/quorate/founding"), FOUNDING);
        for (const name of ["pki/ca.key", "pki/sa.key", "quorate/encryption.yaml", "quorate/etcd-token"]) {
            assert.equal(host().mode(`/etc/kubernetes/${name}`), "0600", name);
        }
    });

    it("leaves no key elsewhere, in memory neither", () => {
        give(handedOut(host()));
        assert.equal(host().run("grep -rlx ca.key /run/ /var/ || true").stdout, "");
        assert.equal(host().exists("/run/quorate-private"), false);
    });

    it("changes nothing on the host that has made it", () => {
        fakePki(host());
        const { stdout } = runPki(host());
        assert.equal(give(stdout).stdout, '{"changed":[]}\n');
    });

    it("changes nothing on a member, whose keys may be newer", () => {
        const secret = handedOut(host());
        host().write("/etc/kubernetes/quorate/member", "");
        host().write("/etc/kubernetes/pki/ca.crt", "newer\n");
        assert.equal(give(secret).stdout, '{"changed":[]}\n');
        assert.equal(host().read("/etc/kubernetes/pki/ca.crt"), "newer\n");
    });

    it("refuses a host that has the CA of another cluster", () => {
        const secret = handedOut(host());
        host().write("/etc/kubernetes/pki/ca.crt", "another\n");
        const { code, stderr } = give(secret);
        assert.equal(code, 1);
        assert.match(stderr, /has the CA of another cluster .* reset it first/);
        assert.equal(host().read("/etc/kubernetes/pki/ca.crt"), "another\n");
    });

    it("refuses a host whose clock is before the CA", () => {
        const secret = handedOut(host());
        host().fake("openssl", 'echo "notBefore=Jan  1 00:00:00 2099 GMT"');
        const { code, stderr } = give(secret);
        assert.equal(code, 1);
        assert.match(stderr, /clock, \S+, is before the cluster's CA was made; set/);
    });

    it("refuses when nothing came", () => {
        assert.match(give("").stderr, /the cluster's identity did not come with this step; run pulumi up again/);
    });

    it("comes to the same end when it is killed", function () {
        this.timeout(120_000);
        const stdin = handedOut(host());
        assertSameEndWhenKilled(host(), renderIdentity(), { stdin });
    });
});

describe("founding a member", () => {
    const host = bashHost();
    const found = () => run(host(), renderFound(config, cp1));
    const given = (founding?: string) => run(host(), renderIdentity(), handedOut(host(), founding));

    it("starts it with the recorded members and the token of this creation, once", () => {
        given();
        host().fake("kubeadm", 'case $1 in init) grep -A1 "name: initial-cluster" "$3" ;; esac');
        assert.match(found().stdout, /"control plane founded"/);
        const log = host().read("/var/log/quorate/found.log");
        assert.match(log, /value: "cp1=https:\/\/10\.89\.0\.21:2380,cp2=https:\/\/10\.89\.0\.22:2380"\n/);
        assert.match(log, /value: "quorate-sample-0123456789abcdef"\n/);
        const calls = kubeadmCalls(host()).length;
        assert.equal(found().stdout, '{"changed":[]}\n');
        assert.equal(kubeadmCalls(host()).length, calls);
    });

    it("hands etcd's token to kubeadm in no argument, and writes it into no other file itself", () => {
        given();
        found();
        for (const call of host().calls()) assert.ok(!call.includes("quorate-sample-"), call);
        const { stdout } = host().run("grep -rl quorate-sample- /etc/ /var/ /run/");
        assert.equal(stdout.trim(), "/etc/kubernetes/quorate/etcd-token");
    });

    it("does not start it without the token of this creation", () => {
        given();
        host().run("rm /etc/kubernetes/quorate/etcd-token");
        const { code, stderr } = found();
        assert.equal(code, 1);
        assert.match(stderr, /etcd's token did not come with the cluster's identity/);
    });

    it("does not start it without an identity", () => {
        host().write("/etc/kubernetes/quorate/applied", "");
        assert.match(found().stderr, /the cluster's identity is not on this host; run pulumi up again/);
    });

    for (const [what, founding] of [
        ["does not start a host that is no founding member: it joins in its turn", "cp2=https://10.89.0.22:2380"],
        ["does not take the name of another member for its own", "xcp1=https://10.89.0.29:2380"],
        ["founds nothing when the cluster is formed", "none"],
    ] as const) {
        it(what, () => {
            given(founding);
            const calls = kubeadmCalls(host()).length;
            assert.equal(found().code, 0);
            assert.equal(kubeadmCalls(host()).length, calls);
            assert.equal(host().exists("/etc/kubernetes/quorate/member"), false);
        });
    }

    it("comes to the same end when it is killed", function () {
        this.timeout(120_000);
        given();
        assertSameEndWhenKilled(host(), renderFound(config, cp1));
    });
});

describe("initialising a cluster", () => {
    const host = bashHost();
    const initialise = () => run(host(), renderInitialise(config, cp1));
    beforeEach(() => {
        fakePki(host());
        host().fake("curl");
        host().write("/etc/kubernetes/admin.conf", "admin\n");
    });

    it("prints the kubeconfig, and keeps the token that kubeadm wants out of arguments, files and logs", () => {
        host().fake("kubeadm", 'case $1 in init) cat "$3" ;; esac');
        const { code, stdout, stderr } = initialise();
        assert.equal(code, 0, stderr);
        assert.equal(Buffer.from(stdout, "base64").toString(), "admin\n");
        const log = host().read("/var/log/quorate/initialise.log");
        assert.doesNotMatch(log, /abcdef\.0123/);
        assert.match(log, /ttl: 1m0s/);
        for (const call of host().calls()) assert.doesNotMatch(call, /abcdef\.0123/);
        assert.equal(host().run("grep -rl abcdef.0123 /etc/ /run/ /var/ || true").stdout, "");
    });

    it("happens once", () => {
        initialise();
        const calls = kubeadmCalls(host()).length;
        assert.equal(initialise().code, 0);
        assert.equal(kubeadmCalls(host()).length, calls);
    });

    it("comes to the same end when it is killed", function () {
        this.timeout(120_000);
        assertSameEndWhenKilled(host(), renderInitialise(config, cp1));
    });
});

describe("the last touch on a control plane", () => {
    const host = bashHost();
    const finalize = () => run(host(), renderFinalize());
    beforeEach(() => {
        fakePki(host());
        host().fake("kubectl", "echo yes");
        host().write("/etc/kubernetes/kubelet.conf", "client-certificate: /var/lib/kubelet/pki/current.pem\n");
        host().write("/etc/kubernetes/super-admin.conf", "super\n");
        host().write("/etc/kubernetes/quorate/token", "abcdef.0123456789abcdef");
        host().write("/etc/kubernetes/quorate/etcd-token", "quorate-sample-1");
    });

    it("removes what only the founding needed, of a cluster of an older quorate too, and says so", () => {
        const { stdout, stderr } = finalize();
        assert.match(stdout, /"super-admin\.conf removed"/, stderr);
        for (const name of ["super-admin.conf", "quorate/token", "quorate/etcd-token"]) {
            assert.equal(host().exists(`/etc/kubernetes/${name}`), false, name);
        }
        assert.equal(finalize().stdout, '{"changed":[]}\n');
    });

    it("keeps super-admin.conf until admin.conf has its rights", function () {
        this.timeout(120_000);
        host().fake("kubectl", "echo no; exit 1");
        const [script] = [renderFinalize()];
        const hasty = { ...script, body: script.body.replace("wait_for 60", "wait_for 1") };
        assert.match(run(host(), hasty).stderr, /waited in vain for admin\.conf to have its rights; last seen: no/);
        assert.equal(host().exists("/etc/kubernetes/super-admin.conf"), true);
    });

    it("comes to the same end when it is killed", function () {
        this.timeout(120_000);
        assertSameEndWhenKilled(host(), renderFinalize());
    });
});
