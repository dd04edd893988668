import assert from "node:assert/strict";
import { UNKNOWN } from "../../../../policies/graph/value";
import { budgetAllowsEviction } from "../../../../policies/rules/budgetAllowsEviction";
import { budgetOverlap } from "../../../../policies/rules/budgetOverlap";
import { budgetPresent } from "../../../../policies/rules/budgetPresent";
import { budgetUnhealthyPods } from "../../../../policies/rules/budgetUnhealthyPods";
import { selectorMatches } from "../../../../policies/rules/selectorMatches";
import { assertFindings, autoscaler, budget, deployment, resource, service } from "../sample";

const web = deployment("web");
const chart = resource("kubernetes:helm.sh/v3:Release", "chart", {});

describe("budget-present", () => {
    it("finds replicas without one", () => {
        assertFindings(budgetPresent, [web, budget("other")], [/Deployment shop\/web: no PodDisruptionBudget in this/]);
    });

    it("accepts one, one that may be for it, a single replica, and a chart that may bring it", () => {
        assertFindings(budgetPresent, [web, budget("web")], []);
        assertFindings(budgetPresent, [web, budget("web", { selector: UNKNOWN })], []);
        assertFindings(budgetPresent, [deployment("web", { replicas: 1 })], []);
        assertFindings(budgetPresent, [web, chart], []);
    });
});

describe("budget-allows-eviction", () => {
    it("finds budgets that let nothing go, whatever they are for", () => {
        for (const allowance of [{ maxUnavailable: 0 }, { maxUnavailable: "0%" }, { minAvailable: "100%" }]) {
            const words = /PodDisruptionBudget shop\/web: m.* forbids every eviction; write maxUnavailable: 1/;
            assertFindings(budgetAllowsEviction, [budget("web", allowance)], [words]);
        }
    });

    it("finds budgets as large as the number of replicas", () => {
        for (const allowance of [{ minAvailable: 3 }, { minAvailable: 4 }, { minAvailable: "67%" }]) {
            assertFindings(
                budgetAllowsEviction,
                [web, budget("web", allowance)],
                [
                    /forbids every eviction of Deployment shop\/web, which has 3 replicas at least; write maxUnavailable: 1/,
                ],
            );
        }
    });

    it("finds a budget for a single replica, and counts an autoscaler's minimum", () => {
        const one = deployment("web", { replicas: 1 });
        assertFindings(
            budgetAllowsEviction,
            [one, budget("web", { minAvailable: 1 })],
            [/which has 1 replica at least; give it more replicas, or leave the budget out/],
        );
        const scaled = [web, autoscaler("web", { minReplicas: 2 }), budget("web", { minAvailable: 2 })];
        assertFindings(budgetAllowsEviction, scaled, [/has 2 replicas at least/]);
    });

    it("accepts budgets below the replicas, and what is not known yet", () => {
        for (const allowance of [{ minAvailable: 2 }, { minAvailable: "50%" }, { maxUnavailable: "1%" }]) {
            assertFindings(budgetAllowsEviction, [web, budget("web", allowance)], []);
        }
        assertFindings(budgetAllowsEviction, [web, budget("web", { minAvailable: UNKNOWN })], []);
        const unknown = deployment("web", { replicas: UNKNOWN });
        assertFindings(budgetAllowsEviction, [unknown, budget("web", { minAvailable: 3 })], []);
    });
});

describe("budget-overlap", () => {
    it("finds pods under two budgets", () => {
        assertFindings(
            budgetOverlap,
            [web, budget("one", {}, "web"), budget("two", {}, "web")],
            [/budget shop\/two: selects the pods of Deployment shop\/web, as PodDisruptionBudget shop\/one does/i],
        );
        const everything = budget("all", { selector: {} });
        assertFindings(budgetOverlap, [web, budget("web"), everything], [/shop\/all/]);
    });

    it("accepts one for each, and selectors that are not known yet", () => {
        assertFindings(budgetOverlap, [web, deployment("api"), budget("web"), budget("api")], []);
        assertFindings(budgetOverlap, [web, budget("web"), budget("two", { selector: UNKNOWN })], []);
        assertFindings(budgetOverlap, [web, budget("web"), budget("two", { selector: undefined })], []);
    });
});

describe("budget-unhealthy-pods", () => {
    it("finds budgets that keep broken pods", () => {
        const kept = { unhealthyPodEvictionPolicy: "IfHealthyBudget" };
        assertFindings(budgetUnhealthyPods, [budget("web", kept)], [/is IfHealthyBudget; write AlwaysAllow/]);
        const silent = { unhealthyPodEvictionPolicy: undefined };
        assertFindings(budgetUnhealthyPods, [budget("web", silent)], [/is left out; write AlwaysAllow/]);
    });

    it("remedies those, and touches no others", () => {
        const remedy = (unhealthyPodEvictionPolicy: string | typeof UNKNOWN) =>
            budgetUnhealthyPods.remedy?.(budget("web", { unhealthyPodEvictionPolicy }).properties).length;
        assert.deepEqual([remedy("IfHealthyBudget"), remedy("AlwaysAllow"), remedy(UNKNOWN)], [1, 0, 0]);
    });
});

describe("selector-matches", () => {
    it("finds a Service and a budget whose labels no pods have", () => {
        assertFindings(
            selectorMatches,
            [web, service("typo", { app: "wbe", tier: UNKNOWN }), budget("typo", {}, "wbe")],
            [/Service shop\/typo: its selector \(app=wbe, tier=\(unknown\)\) takes no pods/, /Budget shop\/typo/],
        );
    });

    it("finds labels of another namespace", () => {
        const elsewhere = resource("kubernetes:core/v1:Service", "web", {
            metadata: { name: "web" },
            spec: { selector: { app: "web" } },
        });
        assertFindings(selectorMatches, [web, elsewhere], [/Service web: its selector \(app=web\)/]);
    });

    it("accepts what matches or may match, Services without a selector, and pods that are not shown", () => {
        assertFindings(selectorMatches, [web, service("web"), budget("web")], []);
        assertFindings(selectorMatches, [web, service("front", { app: UNKNOWN })], []);
        assertFindings(selectorMatches, [web, service("outside", null), service("empty", {})], []);
        assertFindings(selectorMatches, [web, chart, service("chart")], []);
        const operated = resource("kubernetes:monitoring.coreos.com/v1:Prometheus", "prometheus", {});
        assertFindings(selectorMatches, [web, operated, service("prometheus")], []);
        assertFindings(selectorMatches, [service("web")], []);
    });

    it("reads expressions", () => {
        const selecting = (operator: string, values?: string[]) =>
            budget("web", { selector: { matchExpressions: [{ key: "app", operator, values }] } });
        for (const fine of [selecting("In", ["web"]), selecting("NotIn", ["api"]), selecting("Exists")]) {
            assertFindings(selectorMatches, [web, fine], []);
        }
        for (const wrong of [selecting("In", ["api"]), selecting("NotIn", ["web"]), selecting("DoesNotExist")]) {
            assertFindings(selectorMatches, [web, wrong], [/Budget shop\/web/]);
        }
    });
});
