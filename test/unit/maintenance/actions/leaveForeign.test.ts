import assert from "node:assert/strict";
import type { HostTraces } from "../../../../maintenance/ports/hostTraces";
import { LeaveCluster } from "../../../fakes/leaveCluster";
import { leaving } from "../../../fakes/leaving";

/** Somebody's host, taken into the configuration by mistake: it never became a part of this cluster. */
function never(name: string, traces: Partial<HostTraces>): LeaveCluster {
    const cluster = new LeaveCluster();
    cluster.nodes.delete(name);
    cluster.members = cluster.members.filter((member) => member.name !== name);
    cluster.installed.delete(name);
    cluster.otherTraces.set(name, { found: ["/etc/kubernetes/kubelet.conf", "/var/lib/etcd/member"], ...traces });
    return cluster;
}

describe("a host that leaves and is not this cluster's", () => {
    const foreign: readonly (readonly [what: string, traces: (name: string) => Partial<HostTraces>, said: RegExp])[] = [
        [
            "without a mark",
            () => ({}),
            /kubelet\.conf, \/var\/lib\/etcd\/member are there, without the mark of cluster sample; nothing was done/,
        ],
        [
            "with the mark of another cluster",
            () => ({ mark: { cluster: "prod", host: "node7", founding: "ff" } }),
            /mark of cluster prod, host node7; nothing was done/,
        ],
        [
            "with the mark of another cluster of the same name",
            (name) => ({ mark: { cluster: "sample", host: name, founding: "ff" }, caHash: "sha256:ff" }),
            /founded as ff and not as this one; nothing was done/,
        ],
    ];
    for (const [what, traces, said] of foreign) {
        for (const name of ["w3", "cp3", "lb2"]) {
            it(`stays untouched ${what}, and it is said: ${name}`, async () => {
                const cluster = never(name, traces(name));
                await leaving(cluster, name);
                assert.deepEqual(cluster.changes, []);
                assert.equal(cluster.warnings.length, 1);
                assert.match(cluster.warnings[0] ?? "", said);
            });
        }
    }

    it("stays untouched although an earlier version had put its own files there", async () => {
        const cluster = never("w3", { found: ["/usr/local/lib/quorate/reset", "/var/lib/etcd/member"] });
        await leaving(cluster, "w3", { old: true });
        assert.deepEqual(cluster.changes, []);
        assert.match(
            cluster.warnings[0] ?? "",
            /quorate\/reset, \/var\/lib\/etcd\/member are there, and its CA is not/,
        );
    });

    it("loses the node that it had as long as it was ours", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("w3", { mark: { cluster: "prod", host: "node7", founding: "ff" } });
        await leaving(cluster, "w3");
        assert.deepEqual(cluster.changes, ["delete node w3"]);
        assert.match(cluster.warnings[0] ?? "", /nothing was done on it/);
    });
});

describe("a host that an earlier version has set up", () => {
    it("leaves by the CA of the control plane through which it goes", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("w3", { mark: undefined });
        await leaving(cluster, "w3", { old: true });
        assert.equal(cluster.installed.has("w3"), false);
        assert.equal(cluster.nodes.has("w3"), false);
    });

    it("leaves as a balancer by the control planes that it sends to", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("lb1", { mark: undefined });
        await leaving(cluster, "lb1", { old: true });
        assert.equal(cluster.installed.has("lb1"), false);
    });

    it("does not leave while no control plane can prove it", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("w3", { mark: undefined });
        cluster.notServing.add("cp1").add("cp2").add("cp3");
        await assert.rejects(leaving(cluster, "w3", { old: true }), /bring a control plane's API server back/);
        assert.deepEqual(cluster.changes, []);
    });
});

describe("a host whose cluster has another id since its state was made anew", () => {
    it("stays untouched, whatever its CA is, until an up has marked it anew", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("w3", { mark: { cluster: "sample", host: "w3", founding: "ff" } });
        await leaving(cluster, "w3");
        assert.deepEqual(cluster.changes, ["delete node w3"]);
    });
});

describe("a control plane in the request that is not this cluster's", () => {
    const THEIRS = { cluster: "sample", host: "cp1", founding: "ff" };
    const marks: readonly (readonly [what: string, traces: Partial<HostTraces>])[] = [
        ["with another cluster's mark", { mark: THEIRS }],
        ["without a mark", { mark: undefined }],
    ];
    for (const [what, traces] of marks) {
        it(`is not worked through, though it answers first: ${what}`, async () => {
            const cluster = new LeaveCluster();
            cluster.otherTraces.set("cp1", traces);
            await leaving(cluster, "cp3");
            assert.ok(cluster.changes.includes("remove member c3 through cp2"), cluster.changes.join(", "));
        });
    }

    it("lets nothing be changed when no other one serves, and is named", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("cp1", { mark: THEIRS });
        cluster.notServing.add("cp2").add("cp3");
        await assert.rejects(
            leaving(cluster, "w3"),
            /cp1 \(10\.89\.0\.21\) is not this cluster's: it carries the mark/,
        );
        assert.deepEqual(cluster.changes, []);
    });

    it("is not taken for the end of the cluster by a host that is still ours", async () => {
        const cluster = new LeaveCluster();
        for (const name of ["cp1", "cp2", "cp3"]) cluster.otherTraces.set(name, { mark: { ...THEIRS, host: name } });
        await assert.rejects(leaving(cluster, "w3"), /cp1 .* is not this cluster's/);
        assert.ok(cluster.installed.has("w3"));
    });

    it("is not taken for the end of the cluster while it has no mark yet", async () => {
        const cluster = new LeaveCluster();
        for (const name of ["cp1", "cp2", "cp3"]) cluster.otherTraces.set(name, { mark: undefined });
        cluster.unreachable.add("w3");
        await assert.rejects(leaving(cluster, "w3"), /without the mark of cluster sample/);
    });

    it("is the end of the cluster for a host that is gone, when others have marked all control planes", async () => {
        const cluster = new LeaveCluster();
        for (const name of ["cp1", "cp2", "cp3"]) cluster.otherTraces.set(name, { mark: { ...THEIRS, host: name } });
        cluster.unreachable.add("w3");
        await leaving(cluster, "w3");
        assert.deepEqual(cluster.changes, []);
    });

    it("proves no host of an earlier version, when quorate has not made it a control plane", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("w3", { mark: undefined, caHash: "sha256:ff" });
        cluster.otherTraces.set("cp1", { mark: undefined, caHash: "sha256:ff", joinedAs: [] });
        cluster.nodes.delete("w3");
        await leaving(cluster, "w3", { old: true });
        assert.deepEqual(cluster.changes, []);
    });

    it("proves no host of an earlier version, when its mark is another host's", async () => {
        const cluster = new LeaveCluster();
        cluster.otherTraces.set("w3", { mark: undefined, caHash: "sha256:ff" });
        cluster.otherTraces.set("cp1", { mark: { ...THEIRS, host: "node7" }, caHash: "sha256:ff" });
        cluster.nodes.delete("w3");
        await leaving(cluster, "w3", { old: true });
        assert.deepEqual(cluster.changes, []);
    });
});
