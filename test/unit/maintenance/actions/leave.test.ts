import assert from "node:assert/strict";
import { LEAVE_PHASES } from "../../../../maintenance/actions/leave";
import { LeaveCluster } from "../../../fakes/leaveCluster";
import { leaving } from "../../../fakes/leaving";

describe("the phases of a leave", () => {
    it("are these, in this order", () => {
        const names = Object.fromEntries(
            Object.entries(LEAVE_PHASES).map(([role, phases]) => [role, phases.map(({ name }) => name)]),
        );
        assert.deepEqual(names, {
            worker: ["drain", "stop-kubelet", "delete-node", "reset"],
            "control-plane": [
                "gate-membership",
                "move-leader",
                "drain",
                "gate-membership",
                "stop-controllers",
                "stop-api-server",
                "move-leader",
                "remove-member",
                "stop-kubelet",
                "move-leases",
                "delete-node",
                "reset",
            ],
            "load-balancer": ["stop-keepalived", "reset"],
        });
    });
});

describe("a load balancer that leaves", () => {
    it("hands over the address before it is reset", async () => {
        const cluster = new LeaveCluster();
        cluster.notServing.add("cp1").add("cp2").add("cp3");
        await leaving(cluster, "lb1");
        assert.deepEqual(cluster.changes, ["stop keepalived of lb1", "reset lb1"]);
    });

    it("that is dead needs nothing", async () => {
        const cluster = new LeaveCluster();
        cluster.unreachable.add("lb1");
        await leaving(cluster, "lb1");
        assert.deepEqual(cluster.changes, []);
        assert.equal(cluster.warnings.length, 1);
    });
});
