import assert from "node:assert/strict";
import { destroy } from "../../../../maintenance/actions/destroy";
import { LeaveCluster } from "../../../fakes/leaveCluster";
import { sampleInventory } from "../../../fakes/sampleCluster";

const HOSTS = sampleInventory().hosts.map(({ name }) => name);

function destroying(cluster: LeaveCluster, { old = false } = {}): Promise<void> {
    const hosts = HOSTS.map((name) => cluster.host(name));
    return destroy(
        { purpose: "destroy", hosts, ...(!old && { cluster: cluster.identity }) },
        cluster.ports,
        cluster.progress,
    );
}

describe("destroying a cluster", () => {
    it("resets every host, load balancers last, with no drain and no gate", async () => {
        const cluster = new LeaveCluster();
        cluster.unhealthy.set("cp1", "down").set("cp2", "down");
        await destroying(cluster);
        assert.equal(cluster.installed.size, 0);
        assert.deepEqual(
            cluster.changes.slice(0, 6).sort(),
            ["cp1", "cp2", "cp3", "w1", "w2", "w3"].map((name) => `reset ${name}`),
        );
        assert.deepEqual(cluster.changes.slice(6).sort(), [
            "reset lb1",
            "reset lb2",
            "stop keepalived of lb1",
            "stop keepalived of lb2",
        ]);
    });

    it("skips hosts that are gone or other machines by now, with a warning each", async () => {
        const cluster = new LeaveCluster();
        cluster.unreachable.add("w1");
        cluster.otherKey.add("lb2");
        await destroying(cluster);
        assert.deepEqual(cluster.warnings.sort(), [
            "lb2: another host key at 10.89.0.12:22; skipped",
            "w1: no SSH at 10.89.0.31:22; skipped",
        ]);
    });

    it("resets all others and fails when a host that answers cannot be reset", async () => {
        const cluster = new LeaveCluster();
        cluster.failAt = "reset w2";
        await assert.rejects(
            destroying(cluster),
            /^Error: test: reset w2 was interrupted\nexpected every host that answers to be reset/,
        );
        assert.deepEqual([...cluster.installed], ["w2"]);
        await destroying(cluster);
        assert.equal(cluster.installed.size, 0);
    });

    it("leaves hosts alone that are not this cluster's, and says whose they are", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("w1", { mark: { cluster: "prod", host: "node7", founding: "ff" } });
        cluster.otherTraces.set("w2", { mark: undefined });
        cluster.otherTraces.set("lb1", { mark: { cluster: "sample", host: "lb9", founding: "ff" } });
        await destroying(cluster);
        assert.deepEqual([...cluster.installed].sort(), ["lb1", "w1", "w2"]);
        assert.ok(!cluster.changes.some((change) => /(w1|w2|lb1)$/.test(change)), cluster.changes.join(", "));
        assert.deepEqual(cluster.warnings.sort(), [
            "lb1 (10.89.0.11) is not this cluster's: it carries the mark of cluster sample, host lb9; nothing was done on it",
            "w1 (10.89.0.31) is not this cluster's: it carries the mark of cluster prod, host node7; nothing was done on it",
            "w2 (10.89.0.32) is not this cluster's: /etc/kubernetes/kubelet.conf is there, without the mark of cluster sample; nothing was done on it",
        ]);
    });

    it("leaves a whole other cluster of the same name alone, although its hosts agree about their CA", async () => {
        const cluster = new LeaveCluster();
        for (const name of HOSTS)
            cluster.otherTraces.set(name, { mark: { cluster: "sample", host: name, founding: "ff" } });
        await destroying(cluster);
        assert.deepEqual(cluster.changes, []);
        assert.equal(cluster.warnings.length, HOSTS.length);
        assert.match(cluster.warnings[0] ?? "", /founded as ff and not as this one; nothing was done/);
    });

    it("takes no mark without an id for its own when it has none itself", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("w1", { mark: { cluster: "sample", host: "w1", founding: "" } });
        const identity = { ...cluster.identity, foundingId: "" };
        await destroy(
            { purpose: "destroy", hosts: [cluster.host("w1")], cluster: identity },
            cluster.ports,
            cluster.progress,
        );
        assert.deepEqual(cluster.changes, []);
    });

    it("tells each host the name and the id of its cluster", async () => {
        const cluster = new LeaveCluster();
        await destroying(cluster);
        assert.deepEqual([...new Set(cluster.askedFor)], [cluster.identity]);
    });

    it("leaves hosts alone that a later cluster has marked since an earlier version wrote the request", async () => {
        const cluster = new LeaveCluster();
        for (const name of HOSTS)
            cluster.otherTraces.set(name, { mark: { cluster: "prod", host: name, founding: "ff" } });
        await destroying(cluster, { old: true });
        assert.deepEqual(cluster.changes, []);
    });

    it("knows a host that got its mark after the request by the CA of control planes without one", async () => {
        const cluster = new LeaveCluster();
        for (const name of ["cp1", "cp2", "lb1"]) cluster.otherTraces.set(name, { mark: undefined });
        await destroying(cluster, { old: true });
        assert.deepEqual([...cluster.installed], []);
    });

    it("knows hosts of an earlier version by the CA that most control planes have, and balancers by their servers", async () => {
        const cluster = new LeaveCluster();
        for (const name of HOSTS) cluster.otherTraces.set(name, { mark: undefined });
        cluster.otherTraces.set("cp3", { mark: undefined, caHash: "sha256:ff" });
        cluster.otherTraces.set("lb2", { mark: undefined, servers: ["10.1.1.1"] });
        await destroying(cluster, { old: true });
        assert.deepEqual([...cluster.installed].sort(), ["cp3", "lb2"]);
    });

    it("resets no single control plane of somebody else's by its own CA, onto which an earlier version had put its reset", async () => {
        const cluster = new LeaveCluster();
        const found = ["/usr/local/lib/quorate/reset", "/etc/kubernetes/kubelet.conf", "/etc/kubernetes/pki/ca.key"];
        cluster.otherTraces.set("cp1", { mark: undefined, caHash: "sha256:ff", joinedAs: [], found });
        await destroy({ purpose: "destroy", hosts: [cluster.host("cp1")] }, cluster.ports, cluster.progress);
        assert.deepEqual(cluster.changes, []);
        assert.match(cluster.warnings[0] ?? "", /no control plane could tell this cluster's CA; nothing was done/);
    });

    it("resets the single control plane that an earlier version has founded", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("cp1", { mark: undefined });
        await destroy({ purpose: "destroy", hosts: [cluster.host("cp1")] }, cluster.ports, cluster.progress);
        assert.deepEqual(cluster.changes, ["reset cp1"]);
    });

    it("resets no host with the CA of an earlier version's cluster that never joined it in its role", async () => {
        const cluster = new LeaveCluster();
        for (const name of HOSTS) cluster.otherTraces.set(name, { mark: undefined });
        cluster.otherTraces.set("w1", { mark: undefined, joinedAs: [] });
        cluster.otherTraces.set("cp3", { mark: undefined, joinedAs: ["worker"] });
        await destroying(cluster, { old: true });
        assert.deepEqual([...cluster.installed].sort(), ["cp3", "w1"]);
        assert.match(cluster.warnings.join("\n"), /w1 .* quorate has not made it a worker; nothing was done/);
    });

    it("resets no host of an earlier version by the word of one control plane of three", async () => {
        const cluster = new LeaveCluster();
        for (const name of HOSTS) cluster.otherTraces.set(name, { mark: undefined });
        cluster.unreachable.add("cp1").add("cp2");
        await destroying(cluster, { old: true });
        assert.deepEqual([...cluster.changes].sort(), [
            ...["reset lb1", "reset lb2", "stop keepalived of lb1", "stop keepalived of lb2"],
        ]);
    });
});
