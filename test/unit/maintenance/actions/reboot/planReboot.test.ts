import assert from "node:assert/strict";
import fc from "fast-check";
import { oneIngressAtATime } from "../../../../../maintenance/actions/reboot/balancerRules";
import { planReboot, type PlanOptions } from "../../../../../maintenance/actions/reboot/planReboot";
import { plannedHosts, type RebootPlan } from "../../../../../maintenance/actions/reboot/rebootPlan";
import type { RebootFacts } from "../../../../../maintenance/actions/reboot/rebootFacts";
import { sampleNode, samplePod, sampleRebootFacts } from "./sampleRebootFacts";

const options = (
    change: Partial<PlanOptions> = {},
    selection: Partial<PlanOptions["selection"]> = {},
): PlanOptions => ({
    selection: { hosts: [], roles: [], onlyRequired: false, ...selection },
    maxParallelWorkers: 1,
    policy: "block",
    runId: "run-1",
    ...change,
});

function plan(facts: RebootFacts, given = options()): RebootPlan {
    const planned = planReboot(facts, given);
    assert.ok(planned.kind === "plan", planned.kind === "refused" ? planned.objections.join("\n") : "");
    return planned.plan;
}

const steps = (facts: RebootFacts, given = options()) => plan(facts, given).steps.map(({ hosts }) => hosts.join("+"));

describe("the plan of a rolling reboot", () => {
    it("takes workers, then control planes with etcd's leader last, then balancers with the address's owner last", () => {
        assert.deepEqual(steps(sampleRebootFacts()), ["w1", "w2", "w3", "cp1", "cp3", "cp2", "lb2", "lb1"]);
    });

    it("takes those only that are asked for, by name, by role, or because they need it", () => {
        const facts = sampleRebootFacts({ rebootRequired: ["cp1", "w2"] });
        assert.deepEqual(steps(facts, options({}, { hosts: ["cp2", "w3"] })), ["w3", "cp2"]);
        assert.deepEqual(steps(facts, options({}, { roles: ["load-balancer"] })), ["lb2", "lb1"]);
        const required = plan(facts, options({}, { onlyRequired: true }));
        assert.deepEqual(plannedHosts(required), ["w2", "cp1"]);
        assert.equal(required.skipped.length, 6);
    });

    it("is refused for a host that cannot say whether it needs a reboot, if that one is meant", () => {
        const facts = sampleRebootFacts({ unreachable: { w2: "no SSH" } });
        const planned = planReboot(facts, options({}, { onlyRequired: true }));
        assert.ok(planned.kind === "refused");
        assert.match(planned.objections.join("; "), /w2 does not answer SSH \(no SSH\): bring it back/);
        const others = plan(facts, options({}, { onlyRequired: true, hosts: ["w1", "w3"] }));
        assert.deepEqual([plannedHosts(others), others.skipped.length], [[], 2]);
    });

    it("takes workers together where it may, never control planes or balancers", () => {
        const given = options({ maxParallelWorkers: 2 });
        assert.deepEqual(steps(sampleRebootFacts(), given), ["w1+w2", "w3", "cp1", "cp3", "cp2", "lb2", "lb1"]);
    });

    it("keeps workers apart whose pods a budget does not let go together", () => {
        const pods = [samplePod("w1", "a"), samplePod("w2", "b"), samplePod("w3", "c", { owner: "Deployment/other" })];
        const budgets = [{ namespace: "shop", name: "shop", disruptionsAllowed: 1, pods: ["a", "b"] }];
        const given = options({ maxParallelWorkers: 3 }, { roles: ["worker"] });
        assert.deepEqual(steps(sampleRebootFacts({ pods, budgets }), given), ["w1", "w2+w3"]);
    });

    it("keeps workers apart when the others have no room for the pods of both", () => {
        const pods = [samplePod("w1", "a"), samplePod("w2", "b")].map((pod) => ({
            ...pod,
            requests: { cpu: 1000, memory: 0 },
        }));
        const given = options({ maxParallelWorkers: 3 }, { hosts: ["w1", "w2"] });
        assert.deepEqual(steps(sampleRebootFacts({ pods }), given), ["w1", "w2"]);
    });

    it("never takes all workers together while there are pods: control planes are no place for them", () => {
        const pods = ["w1", "w2", "w3"].map((node) => samplePod(node, `pod-${node}`));
        const given = options({ maxParallelWorkers: 3 }, { roles: ["worker"] });
        assert.deepEqual(steps(sampleRebootFacts({ pods }), given), ["w1+w2", "w3"]);
    });

    it("leaves out hosts whose pods are blocked when it is told to, and says so", () => {
        const pod = samplePod("w2", "a");
        const facts = sampleRebootFacts({ blocked: [{ pod, budget: "shop/shop", reason: "0 allowed" }] });
        const { skipped } = plan(facts, options({ policy: "skip" }));
        assert.deepEqual(skipped, [{ host: "w2", why: "shop/shop blocks pod shop/a" }]);
        assert.ok(plannedHosts(plan(facts, options({ policy: "force" }))).includes("w2"));
    });

    it("is refused for what a host's reboot would wait for in vain, by the policy for pods that block", () => {
        const unwell = { w1: ["kube-system/flannel-1 is not ready"] };
        const facts = sampleRebootFacts({ unwell });
        const planned = planReboot(facts, options());
        assert.deepEqual(planned, {
            kind: "refused",
            objections: ["kube-system/flannel-1 is not ready, and the reboot of w1 would wait for that: mend it first"],
        });
        assert.deepEqual(steps(facts, options({}, { hosts: ["w2"] })), ["w2"]);
        const { skipped } = plan(facts, options({ policy: "skip" }));
        assert.deepEqual(skipped, [{ host: "w1", why: "kube-system/flannel-1 is not ready" }]);
        const forced = planReboot(facts, options({ policy: "force" }, { roles: ["worker"] }));
        assert.ok(forced.kind === "plan");
        assert.deepEqual(plannedHosts(forced.plan), ["w1", "w2", "w3"]);
        assert.match(forced.warnings.join(), /^kube-system\/flannel-1 is not ready, and the reboot of w1 would wait/);
    });

    it("is made of 300 hosts within a second of work, each host once, ingress hosts one at a time", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 1, max: 294 }),
                fc.integer({ min: 1, max: 10 }),
                (workers, maxParallelWorkers) => {
                    const facts = manyWorkers(workers);
                    const made = plan(facts, options({ maxParallelWorkers }));
                    const names = facts.inventory.hosts.map(({ name }) => name);
                    assert.deepEqual(plannedHosts(made).toSorted(), names.toSorted());
                    for (const { role, hosts } of made.steps) {
                        assert.ok(hosts.length <= (role === "worker" ? maxParallelWorkers : 1));
                        assert.deepEqual(oneIngressAtATime({ facts, runId: "", going: hosts }), []);
                    }
                },
            ),
            { numRuns: 10 },
        );
    });
});

function manyWorkers(count: number): RebootFacts {
    const facts = sampleRebootFacts();
    const [worker] = facts.inventory.hosts.filter(({ role }) => role === "worker");
    const names = Array.from({ length: count }, (_, index) => `n${index}`);
    const hosts = [
        ...facts.inventory.hosts,
        ...names.map((name, index) => ({ ...worker!, name, ingress: index % 3 === 0 })),
    ];
    return {
        ...facts,
        inventory: { ...facts.inventory, hosts },
        nodes: [...facts.nodes, ...names.map((name) => sampleNode(name))],
        pods: names.map((name) => samplePod(name, `pod-${name}`)),
    };
}
