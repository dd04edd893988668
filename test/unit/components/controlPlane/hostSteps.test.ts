import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { renderFound, renderInitialise, renderPki } from "../../../../components/controlPlane/controlPlaneScripts";
import { populatedPools } from "../../../../components/workers/pools";
import { renderWorkerJoin } from "../../../../components/workers/workerPool";
import { configWith } from "../../model/sampleConfig";
import { type BashHost, bashHost } from "../bashHost";

const config = configWith();
const [, , cp1, , , w1] = config.hosts;
const [pool] = populatedPools(config);
assert.ok(cp1 && w1 && pool);

const TOKEN = "abcdef.0123456789abcdef";

/** kubeadm and openssl as far as these steps use them. */
function fakePrograms(host: BashHost): void {
    const files = ["ca", "front-proxy-ca", "sa", "etcd/ca"];
    const made = files.flatMap((name) => (name === "sa" ? ["sa.key", "sa.pub"] : [`${name}.crt`, `${name}.key`]));
    host.fake(
        "kubeadm",
        `case "$*" in
            "init phase certs ca "*) mkdir -p pki/etcd; for file in ${made.join(" ")}; do echo "$file" >"pki/$file"; done ;;
            "token create"*) echo ghijkl.0123456789abcdef ;;
        esac`,
    );
    host.fake(
        "openssl",
        `case "$*" in
            *-startdate*) echo "notBefore=Jan  1 00:00:00 2020 GMT" ;;
            "rand -hex 3") echo abcdef ;;
            "rand -hex 8") echo 0123456789abcdef ;;
            x509*) echo key ;;
            pkey*) cat ;;
        esac`,
    );
    host.fake("curl");
}

const kubeadmCalls = (host: BashHost) => host.calls().filter((call) => call.startsWith("kubeadm "));
const withLibrary = { bringsLibrary: true };
const fields = (text: string) =>
    new Map(
        text
            .trimEnd()
            .split("\n")
            .map((line) => line.split(" ") as [string, string]),
    );

/** What the first control plane hands out. */
function identity(host: BashHost): string {
    const { code, stdout, stderr } = host.step({ ...renderPki(config, cp1!, ["cp1", "w1"]), ...withLibrary });
    assert.equal(code, 0, stderr);
    return stdout;
}

describe("the identity of a cluster", () => {
    const host = bashHost();
    beforeEach(() => fakePrograms(host()));

    it("is handed out with the founding members, a token and all keys", () => {
        const handed = fields(identity(host()));
        assert.deepEqual([...handed.keys()], ["founding", "etcd-token", "token", "ca-hash", "authority", "identity"]);
        assert.match(handed.get("founding") ?? "", /^cp1=https:\/\/10\.89\.0\.21:2380,cp2=/);
        assert.equal(handed.get("token"), TOKEN);
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

    it("makes no token for the etcd of a cluster that was formed without one", () => {
        host().write("/etc/kubernetes/quorate/formed", "");
        assert.equal(fields(identity(host())).get("etcd-token"), "none");
        assert.equal(host().exists("/etc/kubernetes/quorate/etcd-token"), false);
    });

    it("has a fresh token and no founding members once the cluster is formed", () => {
        const before = fields(identity(host()));
        host().write("/etc/kubernetes/quorate/formed", "");
        const after = fields(identity(host()));
        assert.deepEqual([after.get("founding"), after.get("token")], ["none", "ghijkl.0123456789abcdef"]);
        assert.equal(after.get("identity"), before.get("identity"));
    });

    it("is never made on a host that is a node of some cluster", () => {
        host().write("/etc/kubernetes/kubelet.conf", "");
        const { code, stdout } = host().step({ ...renderPki(config, cp1, []), ...withLibrary });
        assert.equal(code, 1);
        assert.equal(stdout, "");
        assert.match(
            host().read("/var/log/quorate/pki.log"),
            /this host is a node without the cluster's CA key; put a/,
        );
    });

    it("leaves keys that only root reads, and none in the log", () => {
        const handed = fields(identity(host()));
        assert.equal(host().mode("/etc/kubernetes/quorate/encryption.yaml"), "0600");
        assert.equal(host().mode("/etc/kubernetes/quorate/token"), "0600");
        assert.equal(host().mode("/etc/kubernetes/quorate/etcd-token"), "0600");
        const log = host().read("/var/log/quorate/pki.log");
        for (const name of ["token", "identity"]) assert.ok(!log.includes(handed.get(name) ?? "?"), name);
    });
});

describe("founding a member", () => {
    const host = bashHost();
    beforeEach(() => {
        fakePrograms(host());
        // Made by the first step of every control plane.
        host().write("/var/lib/etcd/lost+found", "");
    });
    const found = (secret: string) => host().step({ ...renderFound(config, cp1), ...withLibrary }, secret);
    const secret = (founding: string) => identity(host()).replace(/^founding .*$/m, `founding ${founding}`);

    it("starts it with the recorded members, once", () => {
        const handed = secret("cp1=https://10.89.0.21:2380,cp2=https://10.89.0.22:2380");
        host().fake("kubeadm", 'case $1 in init) grep -A1 "name: initial-cluster$" "$3" ;; esac');
        assert.match(found(handed).stdout, /"control plane founded"/);
        const log = host().read("/var/log/quorate/found.log");
        assert.match(log, /value: "cp1=https:\/\/10\.89\.0\.21:2380,cp2=https:\/\/10\.89\.0\.22:2380"\n/);
        const calls = kubeadmCalls(host()).length;
        assert.equal(found(handed).stdout, '{"changed":[]}\n');
        assert.equal(kubeadmCalls(host()).length, calls);
    });

    it("starts it with the token of this creation, and not without one", () => {
        const handed = secret("cp1=https://10.89.0.21:2380");
        assert.notEqual(found(handed.replace(/^etcd-token .*\n/m, "")).code, 0);
        assert.match(
            host().read("/var/log/quorate/found.log"),
            /etcd's token did not come with the cluster's identity/,
        );
        host().fake("kubeadm", 'case $1 in init) grep -A1 "name: initial-cluster-token$" "$3" ;; esac');
        assert.equal(found(handed).code, 0);
        const log = host().read("/var/log/quorate/found.log");
        assert.match(log, /value: "quorate-sample-0123456789abcdef"\n/);
    });

    it("does not start a host that is no founding member: it joins in its turn", () => {
        const handed = secret("cp2=https://10.89.0.22:2380");
        const calls = kubeadmCalls(host()).length;
        assert.equal(found(handed).code, 0);
        assert.equal(kubeadmCalls(host()).length, calls);
        assert.equal(host().exists("/etc/kubernetes/quorate/member"), false);
    });

    it("does not take the name of another member for its own", () => {
        const handed = secret("xcp1=https://10.89.0.29:2380");
        assert.equal(found(handed).code, 0);
        assert.equal(host().exists("/etc/kubernetes/quorate/member"), false);
    });

    it("refuses a host that has the CA of another cluster", () => {
        const handed = secret("cp1=https://10.89.0.21:2380");
        host().write("/etc/kubernetes/pki/ca.crt", "another\n");
        assert.equal(found(handed).code, 1);
        assert.match(host().read("/var/log/quorate/found.log"), /has the CA of another cluster .* reset it first/);
        assert.equal(host().read("/etc/kubernetes/pki/ca.crt"), "another\n");
    });

    it("refuses a host whose clock is before the CA", () => {
        const handed = secret("cp1=https://10.89.0.21:2380");
        host().fake("openssl", 'echo "notBefore=Jan  1 00:00:00 2099 GMT"');
        assert.equal(found(handed).code, 1);
        assert.match(host().read("/var/log/quorate/found.log"), /clock, \S+, is before the cluster's CA was made; set/);
    });

    it("unpacks keys that only root reads", () => {
        const handed = secret("none");
        host().run("rm -r /etc/kubernetes/pki");
        assert.equal(found(handed).code, 0);
        assert.equal(host().read("/etc/kubernetes/pki/etcd/ca.key"), "etcd/ca.key\n");
        for (const name of ["pki/ca.key", "pki/sa.key", "quorate/encryption.yaml"]) {
            assert.equal(host().mode(`/etc/kubernetes/${name}`), "0600", name);
        }
    });
});

describe("initialising a cluster", () => {
    const host = bashHost();
    beforeEach(() => fakePrograms(host()));
    const initialise = (secret: string) => host().step({ ...renderInitialise(config, cp1), ...withLibrary }, secret);

    it("prints the kubeconfig, and keeps the token out of files and logs", () => {
        const handed = identity(host());
        host().write("/etc/kubernetes/admin.conf", "admin\n");
        host().fake("kubeadm", 'case $1 in init) cat "$3" ;; esac');
        const { code, stdout, stderr } = initialise(handed);
        assert.equal(code, 0, stderr);
        assert.equal(Buffer.from(stdout, "base64").toString(), "admin\n");
        assert.doesNotMatch(host().read("/var/log/quorate/initialise.log"), /abcdef\.0123/);
        assert.match(host().read("/var/log/quorate/initialise.log"), /ttl: 2h0m0s/);
        assert.equal(host().run("ls /etc/kubernetes/quorate").stdout.includes("filled"), false);
    });

    it("happens once", () => {
        const handed = identity(host());
        host().write("/etc/kubernetes/admin.conf", "admin\n");
        initialise(handed);
        const calls = kubeadmCalls(host()).length;
        assert.equal(initialise(handed).code, 0);
        assert.equal(kubeadmCalls(host()).length, calls);
    });
});

describe("joining a worker", () => {
    const host = bashHost();
    beforeEach(() => fakePrograms(host()));
    const authority = Buffer.from("ca\n").toString("base64");
    const join = () =>
        host().step(
            { ...renderWorkerJoin(config, w1, pool.pool), ...withLibrary },
            `token ${TOKEN}\nauthority ${authority}\n`,
        );

    it("hands kubeadm the token and leaves none behind", () => {
        const seen = host().at("/run/seen");
        host().fake("kubeadm", `cat "$3" "\${3%/*}/discovery.conf" >"${seen}"`);
        assert.equal(join().stdout.includes("worker joined"), true);
        assert.match(host().read("/run/seen"), /tlsBootstrapToken: "abcdef\.0123456789abcdef/);
        assert.match(host().read("/run/seen"), /server: "https:\/\/10\.89\.0\.10:6443"/);
        const { stdout } = host().run(`grep -rl ${TOKEN} /etc/ /var/ || true`);
        assert.equal(stdout, "");
    });

    it("leaves no token behind when kubeadm fails either", () => {
        host().fake("kubeadm", "exit 1");
        assert.notEqual(join().code, 0);
        assert.equal(host().run(`grep -rl ${TOKEN} /etc/ /var/ || true`).stdout, "");
    });

    it("does not happen again on a node", () => {
        host().write("/etc/kubernetes/kubelet.conf", "");
        assert.equal(join().stdout.includes("worker joined"), false);
        assert.deepEqual(kubeadmCalls(host()), []);
    });

    it("shows the token to no other process: curl reads it from a file descriptor", () => {
        join();
        assert.ok(host().calls().length > 0);
        for (const call of host().calls()) assert.ok(!call.includes(TOKEN), call);
    });
});
