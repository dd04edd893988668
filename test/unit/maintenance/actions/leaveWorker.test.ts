import assert from "node:assert/strict";
import { HostKeyError } from "../../../../maintenance/ports/remote";
import { RefusedError } from "../../../../maintenance/workflow/refusedError";
import { LeaveCluster } from "../../../fakes/leaveCluster";
import { leaving } from "../../../fakes/leaving";

const WORKER_STEPS = ["cordon w3", "drain w3", "stop kubelet of w3", "delete node w3", "reset w3"];

describe("a worker that leaves", () => {
    it("is drained, deleted and reset", async () => {
        const cluster = new LeaveCluster();
        await leaving(cluster, "w3");
        assert.deepEqual(cluster.changes, WORKER_STEPS);
        assert.deepEqual(cluster.warnings, []);
        assert.equal(cluster.reports.at(-1), "w3 has left the cluster");
    });

    it("goes without drain and reset when its host does not answer, with a warning", async () => {
        const cluster = new LeaveCluster();
        cluster.unreachable.add("w3");
        await leaving(cluster, "w3");
        assert.deepEqual(cluster.changes, ["delete node w3"]);
        assert.match(
            cluster.warnings[0] ?? "",
            /^w3: no SSH at 10\.89\.0\.33:22; it goes without drain and reset; should it come back/,
        );
    });

    it("is not dialled when it is known to be gone", async () => {
        const cluster = new LeaveCluster();
        cluster.otherKey.add("w3");
        await leaving(cluster, "w3", { gone: true });
        assert.deepEqual(cluster.changes, ["delete node w3"]);
    });

    it("is not touched when another machine answers at its address", async () => {
        const cluster = new LeaveCluster();
        cluster.otherKey.add("w3");
        await assert.rejects(leaving(cluster, "w3"), HostKeyError);
        assert.deepEqual(cluster.changes, []);
    });

    it("stays, uncordoned, when a budget holds a pod, and the budget is named", async () => {
        const cluster = new LeaveCluster();
        cluster.drainResult = {
            drained: false,
            output: `error when evicting pods/"web-1" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.`,
        };
        cluster.pods = [{ namespace: "shop", name: "web-1", labels: { app: "web" } }];
        cluster.budgets = [
            {
                namespace: "shop",
                name: "web",
                selector: { matchLabels: { app: "web" }, matchExpressions: [] },
                disruptionsAllowed: 0,
                currentHealthy: 2,
                desiredHealthy: 2,
            },
        ];
        await assert.rejects(
            leaving(cluster, "w3"),
            /^Error: w3: not drained, with 300s to do it: pod shop\/web-1 is held by PodDisruptionBudget shop\/web \(2 healthy, 2 required\); expected .* then run again$/,
        );
        assert.deepEqual(cluster.changes, ["cordon w3", "drain w3", "uncordon w3"]);
    });

    it("stays cordoned after a failed drain when somebody else had cordoned it", async () => {
        const cluster = new LeaveCluster();
        cluster.nodes.set("w3", { cordoned: true, cordonedByUs: false });
        cluster.drainResult = { drained: false, output: "error: timed out" };
        await assert.rejects(leaving(cluster, "w3"), /timed out/);
        assert.deepEqual(cluster.changes, ["drain w3"]);
    });

    it("is uncordoned after a failed drain when an interrupted run of ours had cordoned it", async () => {
        const cluster = new LeaveCluster();
        cluster.nodes.set("w3", { cordoned: true, cordonedByUs: true });
        cluster.drainResult = { drained: false, output: "error: timed out" };
        await assert.rejects(leaving(cluster, "w3"));
        assert.equal(cluster.changes.at(-1), "uncordon w3");
    });

    it("is refused while no API server is ready, with what each said", async () => {
        const cluster = new LeaveCluster();
        cluster.notServing.add("cp1").add("cp2");
        cluster.unreachable.add("cp3");
        await assert.rejects(leaving(cluster, "w3"), (error: Error) => {
            assert.ok(error instanceof RefusedError);
            assert.match(
                error.message,
                /^leave w3 refused: cp1: asking its API server .*; cp3: no SSH.*; bring a control plane's API server back/,
            );
            return true;
        });
        assert.deepEqual(cluster.changes, []);
    });

    it("works through the first control plane that is ready", async () => {
        const cluster = new LeaveCluster();
        cluster.unreachable.add("cp1");
        cluster.notServing.add("cp2");
        await leaving(cluster, "w3");
        assert.deepEqual(cluster.changes, WORKER_STEPS);
    });

    for (const step of WORKER_STEPS) {
        it(`converges when run again after an interruption at "${step}"`, async () => {
            const cluster = new LeaveCluster();
            cluster.failAt = step;
            await assert.rejects(leaving(cluster, "w3"), /was interrupted/);
            await leaving(cluster, "w3");
            assert.equal(cluster.nodes.has("w3"), false);
            assert.equal(cluster.installed.has("w3"), false);
        });
    }

    it("is done at once when nothing of it is left", async () => {
        const cluster = new LeaveCluster();
        cluster.installed.delete("w3");
        cluster.nodes.delete("w3");
        await leaving(cluster, "w3");
        assert.deepEqual(cluster.changes, []);
    });

    it("loses its node when only that is left", async () => {
        const cluster = new LeaveCluster();
        cluster.installed.delete("w3");
        await leaving(cluster, "w3");
        assert.deepEqual(cluster.changes, ["delete node w3"]);
    });

    it("is done at once after the whole cluster was destroyed, whether its host answers or not", async () => {
        for (const answers of [true, false]) {
            const cluster = new LeaveCluster();
            cluster.installed.clear();
            cluster.notServing.add("cp1").add("cp2").add("cp3");
            if (!answers) cluster.unreachable.add("w3");
            await leaving(cluster, "w3");
            assert.deepEqual(cluster.changes, []);
        }
    });

    it("fails when data is left on its host, and says which", async () => {
        const cluster = new LeaveCluster();
        cluster.keepsData.add("w3");
        await assert.rejects(leaving(cluster, "w3"), /^RemoteError: w3: not clean, this is left/);
    });
});
