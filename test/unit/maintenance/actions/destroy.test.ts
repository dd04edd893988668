import assert from "node:assert/strict";
import { destroy } from "../../../../maintenance/actions/destroy";
import { LeaveCluster } from "../../../fakes/leaveCluster";
import { sampleInventory } from "../../../fakes/sampleCluster";

const HOSTS = sampleInventory().hosts.map(({ name }) => name);

function destroying(cluster: LeaveCluster): Promise<void> {
    return destroy(
        { purpose: "destroy", hosts: HOSTS.map((name) => cluster.host(name)) },
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
        assert.deepEqual(cluster.warnings, [
            "w1: no SSH at 10.89.0.31:22; skipped",
            "lb2: another host key at 10.89.0.12:22; skipped",
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
});
