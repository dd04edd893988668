import assert from "node:assert/strict";
import { gatherRebootFacts } from "../../../../../maintenance/actions/reboot/gatherRebootFacts";
import { planReboot } from "../../../../../maintenance/actions/reboot/planReboot";
import { sampleInventory } from "../../../../fakes/sampleCluster";
import { sampleRebootFacts } from "./sampleRebootFacts";
import { random } from "./simulation/random";
import { simPorts } from "./simulation/simPorts";
import { quietWorld } from "./simulation/world";

const DOUBT = "a proxy without routes could not be told from one that serves";

describe("an ingress proof that would prove no route", () => {
    const warnings = (hosts: readonly string[]) => {
        const selection = { hosts, roles: [], onlyRequired: false };
        const options = { selection, maxParallelWorkers: 1, policy: "block", runId: "run-1" } as const;
        const planned = planReboot(sampleRebootFacts({ ingressDoubt: DOUBT }), options);
        assert.ok(planned.kind === "plan");
        return planned.warnings;
    };

    it("is told with the plan, and is no reason to refuse", () => {
        assert.deepEqual(warnings([]), [`the ingress proof will prove no route: ${DOUBT}`]);
    });

    it("is not told where no host with ingress goes", () => {
        assert.deepEqual(warnings(["w1", "lb1"]), []);
    });

    it("is asked for before a plan only, and a question that fails is a doubt, too", async () => {
        const world = quietWorld(sampleInventory());
        const ports = simPorts(world, random(1), () => undefined);
        const gather = (wanted = {}) =>
            gatherRebootFacts(world.inventory, ports, { drained: [], sentinelOf: [], underWay: [], ...wanted });
        const beforePlan = { report: () => undefined };
        ports.hosts.ingressDoubt = () => Promise.resolve(DOUBT);
        const drained = ["cp1"];
        assert.equal((await gather({ drained })).ingressDoubt, "");
        assert.equal((await gather({ drained, beforePlan })).ingressDoubt, DOUBT);
        assert.equal((await gather({ drained: ["w1"], beforePlan })).ingressDoubt, "", "no ingress host goes");
        ports.hosts.ingressDoubt = () => Promise.reject(new Error("no load balancer can ask"));
        assert.equal((await gather({ drained, beforePlan })).ingressDoubt, "no load balancer can ask");
    });
});
