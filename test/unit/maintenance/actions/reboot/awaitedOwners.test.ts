import assert from "node:assert/strict";
import { planReboot } from "../../../../../maintenance/actions/reboot/planReboot";
import type { EvictablePod } from "../../../../../maintenance/actions/reboot/rebootPorts";
import { samplePod, sampleRebootFacts } from "./sampleRebootFacts";

/** Warnings of a plan for w1. */
function warnings(pods: readonly EvictablePod[], guarded: readonly string[] = []): readonly string[] {
    const budgets = [{ namespace: "shop", name: "shop", disruptionsAllowed: 1, pods: guarded }];
    const planned = planReboot(sampleRebootFacts({ pods, budgets }), {
        selection: { hosts: ["w1"], roles: [], onlyRequired: false },
        maxParallelWorkers: 1,
        policy: "block",
        runId: "run-1",
    });
    assert.ok(planned.kind === "plan");
    return planned.warnings;
}

describe("the plan's warnings of pods whose replacements nobody waits for", () => {
    it("name one pod of each owner that cannot be asked for its pods, and of those that have none", () => {
        const owner = "CloneSet.apps.kruise.io/web";
        const pods = [
            samplePod("w1", "web-1", { owner }),
            samplePod("w1", "web-2", { owner }),
            samplePod("w1", "tool", { owner: "" }),
        ];
        assert.deepEqual(warnings(pods), [
            "nobody waits for replacements of pod shop/web-1 on w1 and 1 more, because CloneSet.apps.kruise.io/web is of a kind that is not known here; a budget would make the next host wait",
            "nobody makes pod shop/tool on w1 anew: no controller keeps them",
        ]);
    });

    it("leave out pods that are waited for, pods of Jobs and of hosts that stay, and those that a budget keeps", () => {
        const kinds = ["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController", "Job"];
        const pods = [
            ...kinds.map((kind) => samplePod("w1", kind.toLowerCase(), { owner: `${kind}/x` })),
            samplePod("w1", "kept", { owner: "StatefulSet.apps.kruise.io/db" }),
            samplePod("w2", "elsewhere", { owner: "" }),
        ];
        assert.deepEqual(warnings(pods, ["kept"]), []);
    });
});
