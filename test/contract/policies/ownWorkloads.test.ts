import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { HaIngress } from "../../../components/workload/haIngress";
import { HaStatefulWorkload } from "../../../components/workload/haStatefulWorkload";
import { HaWorkload } from "../../../components/workload/haWorkload";
import { RULES } from "../../../policies/rules/rules";
import { findingsOf } from "../../../policies/rules/rule";
import { ingressArgs, statefulArgs, workloadArgs } from "../../unit/components/workload/sampleArgs";
import { RecordedProgram } from "../components/support/recordedProgram";
import { graphResources } from "./graphResources";

/** All of quorate's components for workloads in one stack, with only what must be said. */
function workloads(options: pulumi.ComponentResourceOptions): void {
    new HaWorkload("shop", { ...workloadArgs(), ingress: { host: "shop.example" } }, options);
    new HaWorkload("cart", { ...workloadArgs(), autoscaling: { min: 2, max: 9 } }, options);
    new HaStatefulWorkload("store", statefulArgs(), options);
    new HaIngress("proxy", ingressArgs(), options);
}

describe("policy rules on quorate's own workloads", () => {
    it("find nothing", async () => {
        const resources = graphResources(await RecordedProgram.of(workloads));
        assert.ok(resources.some(({ type }) => type === "kubernetes:apps/v1:Deployment"));
        const found = RULES.flatMap((rule) =>
            findingsOf(rule, resources).map(({ message }) => `${rule.name}: ${message}`),
        );
        assert.deepEqual(found, []);
    });
});
