import assert from "node:assert/strict";
import { openCertificates } from "../../../../maintenance/ports/certificates";
import { openClusterAdmin } from "../../../../maintenance/ports/clusterAdmin";
import { openEtcd } from "../../../../maintenance/ports/etcd";
import { openHostTeardown } from "../../../../maintenance/ports/hostTeardown";
import { openLoadBalancers } from "../../../../maintenance/ports/loadBalancer";
import { RemoteError } from "../../../../maintenance/ports/remote";
import { openSystemd } from "../../../../maintenance/ports/systemd";
import { Duration } from "../../../../model/duration";
import { DetachedHost, type Fault } from "../../../fakes/detachedHost";
import { fakeClock } from "../../../fakes/fakeClock";
import { FakeRemote, type Script } from "../../../fakes/fakeRemote";
import { testAuthority } from "../../../fakes/testCertificates";
import { LeaveCluster } from "../../../fakes/leaveCluster";

const sample = new LeaveCluster();
const cp1 = sample.host("cp1");
const w3 = sample.host("w3");
const lb1 = sample.host("lb1");

function remote(script: Script) {
    return new FakeRemote(script);
}

describe("etcd over SSH", () => {
    it("asks the member on its own host, with bounded time and the probes' certificate", async () => {
        const hosts = remote({ "member list": { stdout: `{"members":[]}` } });
        await openEtcd(hosts).members(cp1, { consistent: true });
        assert.equal(
            hosts.asked[0]?.command,
            "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt " +
                "--cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt --key=/etc/kubernetes/pki/etcd/healthcheck-client.key " +
                "--dial-timeout=2s --command-timeout=3s member list -w json --consistency=l",
        );
    });

    it("reads the health that comes with exit status 1", async () => {
        const sick = `[{"endpoint":"https://127.0.0.1:2379","health":false,"took":"2s","error":"context deadline exceeded"}]\n`;
        const health = await openEtcd(
            remote({ "endpoint health": { code: 1, stdout: sick, stderr: "Error: unhealthy cluster" } }),
        ).health(cp1);
        assert.deepEqual(health, { healthy: false, reason: "context deadline exceeded" });
    });

    it("fails when etcdctl has no answer at all", async () => {
        const none = openEtcd(remote({ "endpoint health": { code: 127, stderr: "bash: etcdctl: command not found" } }));
        await assert.rejects(
            none.health(cp1),
            /cp1: etcdctl endpoint health has no answer:\nbash: etcdctl: command not found/,
        );
    });

    it("takes the removal of a member that is gone for success", async () => {
        const gone = remote({ "member remove": { code: 1, stderr: "Error: etcdserver: member not found" } });
        await openEtcd(gone).removeMember(cp1, "c3");
        const refused = remote({ "member remove": { code: 1, stderr: "Error: etcdserver: unhealthy cluster" } });
        await assert.rejects(
            openEtcd(refused).removeMember(cp1, "c3"),
            /member remove c3 failed:\nError: etcdserver: unhealthy cluster/,
        );
    });

    it("asks all endpoints to move the leader, because only the leader can", async () => {
        const hosts = remote({ "move-leader b2": {} });
        await openEtcd(hosts).moveLeader(cp1, {
            clientUrls: ["https://10.89.0.21:2379", "https://10.89.0.22:2379"],
            to: "b2",
        });
        assert.match(
            hosts.asked[0]?.command ?? "",
            /--endpoints=https:\/\/10\.89\.0\.21:2379,https:\/\/10\.89\.0\.22:2379 .* move-leader b2$/,
        );
    });
});

describe("HAProxy over SSH", () => {
    it("sends one command a question to the admin socket's standard input", async () => {
        const hosts = remote({
            "show servers state": { stdout: "1\n# be_id be_name\n" },
            "show stat": { stdout: "# pxname,svname,\n" },
        });
        assert.deepEqual(
            await openLoadBalancers(hosts).servers({ host: lb1, adminSocket: "/run/haproxy/admin.sock" }),
            [],
        );
        assert.deepEqual(
            hosts.asked.map(({ command, stdin }) => [command, stdin]),
            [
                ["socat -t 3 - UNIX-CONNECT:/run/haproxy/admin.sock", "show servers state\n"],
                ["socat -t 3 - UNIX-CONNECT:/run/haproxy/admin.sock", "show stat\n"],
            ],
        );
    });
});

describe("systemd over SSH", () => {
    it("reads states although the command exits with 3", async () => {
        const hosts = remote({ "systemctl is-active": { code: 3, stdout: "active\ninactive\n" } });
        assert.deepEqual(await openSystemd(hosts).states(cp1, ["containerd", "kubelet"]), {
            containerd: "active",
            kubelet: "inactive",
        });
    });

    it("says unknown where systemd says nothing", async () => {
        const hosts = remote({ "systemctl is-active": { code: 127 } });
        assert.deepEqual(await openSystemd(hosts).states(cp1, ["kubelet"]), { kubelet: "unknown" });
    });
});

describe("certificates over SSH", () => {
    it("come from one command that leaves private keys on the host", async () => {
        const hosts = remote({
            "BEGIN CERTIFICATE": { stdout: `file /etc/kubernetes/pki/ca.crt\n${testAuthority().pem}` },
        });
        assert.equal((await openCertificates(hosts).onHost(cp1)).length, 1);
        assert.equal(hosts.asked.length, 1);
        assert.doesNotMatch(hosts.asked[0]?.command ?? "", /PRIVATE|\bcat\b|client-key-data/);
    });
});

describe("kubectl over SSH", () => {
    const admin = (script: Script) => openClusterAdmin(remote(script));

    it("dials the control plane's own API server, not the endpoint", async () => {
        const hosts = remote({ readyz: { stdout: "ok" } });
        await openClusterAdmin(hosts).assertServing(cp1);
        assert.match(
            hosts.asked[0]?.command ?? "",
            /^kubectl --kubeconfig=\/etc\/kubernetes\/admin\.conf --server=https:\/\/10\.89\.0\.21:6443 /,
        );
    });

    it("knows a node, one that is missing, and who has cordoned it", async () => {
        const node = { metadata: { annotations: { "quorate/cordoned-by": "leave" } }, spec: { unschedulable: true } };
        const states = await Promise.all([
            admin({ "get node w3": { stdout: JSON.stringify(node) } }).node(cp1, "w3"),
            admin({ "get node w3": { stdout: `{"metadata":{},"spec":{}}` } }).node(cp1, "w3"),
            admin({ "get node w3": { stdout: "" } }).node(cp1, "w3"),
        ]);
        assert.deepEqual(states, [
            { cordoned: true, cordonedByUs: true },
            { cordoned: false, cordonedByUs: false },
            undefined,
        ]);
    });

    it("notes that it was us before it cordons, and takes the note away after it uncordons", async () => {
        const hosts = remote({ kubectl: {} });
        await openClusterAdmin(hosts).cordon(cp1, "w3");
        await openClusterAdmin(hosts).uncordon(cp1, "w3");
        const verbs = hosts.asked.map(({ command }) => command.replace(/.*--request-timeout=10s /, ""));
        assert.deepEqual(verbs, [
            "annotate --overwrite node w3 quorate/cordoned-by=leave",
            "cordon w3",
            "uncordon w3",
            "annotate node w3 quorate/cordoned-by-",
        ]);
    });

    it("drains with budgets respected and its own end", async () => {
        const hosts = remote({ drain: { code: 1, stderr: "error: unable to drain node" } });
        const result = await openClusterAdmin(hosts).drain(cp1, "w3", Duration.parse("5m"));
        assert.deepEqual(result, { drained: false, output: "error: unable to drain node" });
        const command = hosts.asked[0]?.command ?? "";
        assert.match(
            command,
            /drain w3 --ignore-daemonsets --delete-emptydir-data --skip-wait-for-delete-timeout=60 --timeout=300s$/,
        );
        assert.doesNotMatch(command, /force|disable-eviction/);
    });

    it("reads pods and budgets with what a blocked drain needs", async () => {
        const pods = {
            items: [
                { metadata: { namespace: "shop", name: "web-1", labels: { app: "web" } } },
                { metadata: { namespace: "shop", name: "bare" } },
            ],
        };
        const budget = {
            metadata: { namespace: "shop", name: "web" },
            spec: { minAvailable: 2, selector: { matchLabels: { app: "web" } } },
            status: { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2, expectedPods: 2 },
        };
        const port = admin({
            "get pods": { stdout: JSON.stringify(pods) },
            poddisruptionbudgets: { stdout: JSON.stringify({ items: [budget] }) },
        });
        assert.deepEqual((await port.podsOn(cp1, "w3"))[1], { namespace: "shop", name: "bare", labels: {} });
        assert.deepEqual(await port.budgets(cp1), [
            {
                namespace: "shop",
                name: "web",
                selector: { matchLabels: { app: "web" }, matchExpressions: [] },
                disruptionsAllowed: 0,
                currentHealthy: 2,
                desiredHealthy: 2,
            },
        ]);
    });
});

describe("leases over SSH", () => {
    const lease = (name: string, spec: object) => ({ metadata: { name, namespace: "kube-system" }, spec });

    it("come with holder and lifetime, also those that were given up", async () => {
        const items = [
            lease("kube-scheduler", { holderIdentity: "", leaseDurationSeconds: 1, leaseTransitions: 3 }),
            lease("kube-controller-manager", {
                holderIdentity: "cp3_0434",
                leaseDurationSeconds: 15,
                renewTime: "2026-11-21T12:00:00.123456Z",
            }),
        ];
        const hosts = remote({ "get leases kube-scheduler": { stdout: JSON.stringify({ items }) } });
        assert.deepEqual(await openClusterAdmin(hosts).leases(cp1), [
            { name: "kube-scheduler", holder: "", renewedAt: undefined, durationSeconds: 1 },
            {
                name: "kube-controller-manager",
                holder: "cp3_0434",
                renewedAt: new Date("2026-11-21T12:00:00.123Z"),
                durationSeconds: 15,
            },
        ]);
    });
});

describe("the teardown over SSH", () => {
    const detached = (script: Script, faults: readonly Fault[] = []) =>
        new DetachedHost(remote(script), { clock: fakeClock(), faults });

    it("knows the mark of a host, its CA and what is there", async () => {
        const stdout = [
            ...["mark", "mark cluster=sample", "mark host=w3", "mark founding=0f", "ca sha256:0a"],
            ...["server 10.89.0.21", "server 10.89.0.22", "joined worker", "found /etc/kubernetes/kubelet.conf", ""],
        ].join("\n");
        assert.deepEqual(await openHostTeardown(remote({ "for path": { stdout } })).traces(w3), {
            mark: { cluster: "sample", host: "w3", founding: "0f" },
            caHash: "sha256:0a",
            servers: ["10.89.0.21", "10.89.0.22"],
            joinedAs: ["worker"],
            found: ["/etc/kubernetes/kubelet.conf"],
        });
    });

    it("knows a host with nothing on it, and a mark that says nothing", async () => {
        const traces = (stdout: string) => openHostTeardown(remote({ "for path": { stdout } })).traces(w3);
        assert.deepEqual(await traces(""), { mark: undefined, caHash: "", servers: [], joinedAs: [], found: [] });
        assert.deepEqual((await traces("mark\n")).mark, { cluster: "", host: "", founding: "" });
    });

    it("fails with the end of what the reset said", async () => {
        const failing = openHostTeardown(detached({ reset: { code: 1, stderr: "umount: busy\n" } }));
        await assert.rejects(
            failing.reset(w3, { name: "sample", foundingId: "0f1e" }),
            (error: RemoteError) => error.exit === 1 && /umount: busy/.test(error.message),
        );
    });

    it("is not repeated, and goes on, when the connection breaks in the middle", async () => {
        const host = detached({ reset: { stdout: "reset\n" } }, ["during"]);
        await openHostTeardown(host).reset(w3, { name: "sample", foundingId: "0f1e" });
        assert.deepEqual([host.ran.length, host.units], [1, ["quorate-leave-reset"]]);
    });

    it("tells which host does not answer while it waits for it", async () => {
        const reports: string[] = [];
        const host = detached({ "systemctl stop kubelet": {}, reset: { stdout: "reset\n" } }, [
            "during",
            "unreachable",
        ]);
        const teardown = openHostTeardown(host, (line) => void reports.push(line));
        await teardown.stopKubelet(w3);
        await teardown.reset(w3, { name: "sample", foundingId: "0f1e" });
        assert.deepEqual(reports, [
            "w3: stopping kubelet: the connection broke; asking again",
            "w3: stopping kubelet: no SSH at 10.89.0.21:22; asking again",
        ]);
    });
});
