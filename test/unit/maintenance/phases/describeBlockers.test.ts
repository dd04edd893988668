import assert from "node:assert/strict";
import { describeBlockers } from "../../../../maintenance/phases/describeBlockers";
import { selects } from "../../../../maintenance/ports/labelSelector";
import type { BudgetRef } from "../../../../maintenance/ports/clusterAdmin";

// As kubectl 1.36 writes it.
const RETRIES = `error when evicting pods/"web-1" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.
error when evicting pods/"web-2" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.`;
const GAVE_UP = `There are pending pods in node "w3" when an error occurred: error when evicting pods/"web-2" -n "shop": global timeout reached: 5m0s
pod/web-2
error: unable to drain node "w3" due to error: error when evicting pods/"web-2" -n "shop": global timeout reached: 5m0s, continuing command...`;

const pod = (name: string) => ({ namespace: "shop", name, labels: { app: "web" } });
const budget = (change: Partial<BudgetRef> = {}): BudgetRef => ({
    namespace: "shop",
    name: "web",
    selector: { matchLabels: { app: "web" }, matchExpressions: [] },
    disruptionsAllowed: 0,
    currentHealthy: 2,
    desiredHealthy: 2,
    ...change,
});

describe("what blocked a drain", () => {
    it("is the pods that were there at the end, not those that went after a retry", () => {
        const words = describeBlockers(`${RETRIES}\n${GAVE_UP}`, [pod("web-2")], [budget()]);
        assert.equal(words, "pod shop/web-2 is held by PodDisruptionBudget shop/web (2 healthy, 2 required)");
    });

    it("is the pods that were retried when kubectl was cut off", () => {
        const words = describeBlockers(RETRIES, [pod("web-1"), pod("web-2")], [budget()]);
        assert.match(words, /^pod shop\/web-1 is held by .*, pod shop\/web-2 is held by/);
    });

    it("names every budget when several overlap, and none of another namespace or with room", () => {
        const others = [
            budget({ name: "all" }),
            budget({ namespace: "bank" }),
            budget({ name: "loose", disruptionsAllowed: 1 }),
        ];
        const words = describeBlockers(GAVE_UP, [pod("web-2")], [budget(), ...others]);
        assert.match(words, /shop\/web \(.*\) and PodDisruptionBudget shop\/all \([^)]*\)$/);
    });

    it("is a pod that does not end", () => {
        const output = `error: unable to drain node "w3" due to error: error when waiting for pod "db-0" in namespace "shop" to terminate: global timeout reached: 5m0s`;
        assert.equal(describeBlockers(output, [], []), "pod shop/db-0 does not end");
    });

    it("is kubectl's own last words when they name no pod so", () => {
        const output = `error: unable to drain node "w3" due to error: cannot delete cannot delete Pods that declare no controller (use --force to override): shop/bare`;
        assert.equal(describeBlockers(output, [], []), output);
    });
});

describe("a label selector", () => {
    const expression = (operator: string, values: string[] = []) => ({
        matchLabels: {},
        matchExpressions: [{ key: "tier", operator, values }],
    });
    for (const [what, selector, labels, expected] of [
        ["takes everything when it is empty", { matchLabels: {}, matchExpressions: [] }, {}, true],
        ["wants every label", { matchLabels: { app: "web", tier: "a" }, matchExpressions: [] }, { app: "web" }, false],
        ["In", expression("In", ["a", "b"]), { tier: "b" }, true],
        ["In without the label", expression("In", ["a"]), {}, false],
        ["NotIn", expression("NotIn", ["a"]), { tier: "b" }, true],
        ["NotIn without the label", expression("NotIn", ["a"]), {}, true],
        ["NotIn with the value", expression("NotIn", ["a"]), { tier: "a" }, false],
        ["Exists", expression("Exists"), { tier: "a" }, true],
        ["DoesNotExist", expression("DoesNotExist"), { tier: "a" }, false],
    ] as const) {
        it(what, () => assert.equal(selects(selector as Parameters<typeof selects>[0], labels), expected));
    }
});
