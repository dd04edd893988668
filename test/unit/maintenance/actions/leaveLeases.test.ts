import assert from "node:assert/strict";
import { LeaveCluster } from "../../../fakes/leaveCluster";
import { leaving } from "../../../fakes/leaving";

/** Fake time that a leave took. */
async function seconds(cluster: LeaveCluster, action: Promise<void>): Promise<number> {
    const begin = cluster.ports.clock.now().getTime();
    await action;
    return (cluster.ports.clock.now().getTime() - begin) / 1000;
}

describe("a control plane that leads scheduling and controllers", () => {
    it("is not gone before both leases are held elsewhere", async () => {
        const cluster = new LeaveCluster();
        cluster.leases.lead("cp3");
        await leaving(cluster, "cp3");
        assert.deepEqual(
            cluster.leases.now().map(({ name, holder }) => [name, holder.slice(0, 4)]),
            [
                ["kube-scheduler", "cp1_"],
                ["kube-controller-manager", "cp1_"],
            ],
        );
        assert.ok(cluster.reports.some((line) => /waiting: .*cp3_0434-77 holds kube-controller-manager/.test(line)));
        assert.equal(cluster.changes.at(-1), "reset cp3");
    });

    it("is waited for until its leases ran out when its host is dead", async () => {
        const cluster = new LeaveCluster();
        cluster.leases.lead("cp3");
        cluster.unreachable.add("cp3");
        const waited = await seconds(cluster, leaving(cluster, "cp3"));
        assert.ok(waited > 15 && waited < 30, String(waited));
        assert.deepEqual(cluster.changes, ["remove member c3 through cp1", "delete node cp3"]);
    });

    it("costs no time when another one leads", async () => {
        const cluster = new LeaveCluster();
        assert.equal(await seconds(cluster, leaving(cluster, "cp3")), 0);
    });

    it("is given as much time as its leases live, and then told who holds what", async () => {
        const cluster = new LeaveCluster();
        cluster.leases.durationSeconds = 60;
        for (const name of ["cp1", "cp2", "cp3"]) cluster.leases.stop(name);
        await assert.rejects(
            leaving(cluster, "cp1"),
            /^DeadlineError: waited 90s for scheduler and controller-manager to be led from another host than cp1; last seen: nobody holds kube-scheduler; cp1_0434-77 holds kube-controller-manager$/,
        );
        assert.ok(cluster.nodes.has("cp1"), "the next run finds that there is something left to do");
    });

    it("stops its scheduler and controller-manager while its API server still takes what they give up", async () => {
        const cluster = new LeaveCluster();
        await leaving(cluster, "cp3");
        const at = (change: string) => cluster.changes.indexOf(change);
        assert.ok(at("stop controllers of cp3") < at("stop API server of cp3"));
        assert.ok(at("stop controllers of cp3") > at("drain cp3"));
    });
});
