import { UNKNOWN } from "../../../../policies/graph/value";
import { autoscalerMinimum } from "../../../../policies/rules/autoscalerMinimum";
import { ingressReplicas } from "../../../../policies/rules/ingressReplicas";
import { replicas } from "../../../../policies/rules/replicas";
import { spreadOverNodes } from "../../../../policies/rules/spreadOverNodes";
import { assertFindings, autoscaler, deployment, ingress, object, podSpec, service, statefulSet } from "../sample";

const single = deployment("web", { replicas: 1 });

describe("replicas", () => {
    it("finds one replica, said or not", () => {
        assertFindings(replicas, [single], [/Deployment shop\/web: has 1 replica; write 2 or more/]);
        assertFindings(replicas, [statefulSet("db", { replicas: undefined })], [/StatefulSet shop\/db: has 1 replica/]);
        assertFindings(replicas, [deployment("web")], [/has 3 replicas; write 5/], { minimum: 5 });
    });

    it("accepts more, none at all, and numbers that are not known yet", () => {
        for (const replicasOf of [2, 0, UNKNOWN]) {
            assertFindings(replicas, [deployment("web", { replicas: replicasOf })], []);
        }
    });

    it("leaves autoscaled workloads, and those behind an Ingress, to their own rules", () => {
        assertFindings(replicas, [single, autoscaler("web", {})], []);
        assertFindings(replicas, [single, service("web"), ingress("web")], []);
    });
});

describe("ingress-replicas", () => {
    it("finds a single replica that an Ingress leads to", () => {
        assertFindings(
            ingressReplicas,
            [single, service("front", { app: "web" }), ingress("site", "front")],
            [/Deployment shop\/web: Ingress shop\/site leads to it, and it has 1 replica; write 2 or more/],
        );
    });

    it("follows the default backend", () => {
        const byDefault = object("networking.k8s.io/v1:Ingress", "site", {
            defaultBackend: { service: { name: "web" } },
        });
        assertFindings(ingressReplicas, [single, service("web"), byDefault], [/Ingress shop\/site/]);
    });

    it("accepts several, and single ones that no Ingress surely leads to", () => {
        assertFindings(ingressReplicas, [deployment("web"), service("web"), ingress("web")], []);
        assertFindings(ingressReplicas, [single, service("web")], []);
        assertFindings(ingressReplicas, [single, service("web"), ingress("web", "other")], []);
        assertFindings(ingressReplicas, [single, service("web", { app: UNKNOWN }), ingress("web")], []);
    });
});

describe("autoscaler-minimum", () => {
    it("finds a minimum of one, said or not", () => {
        assertFindings(autoscalerMinimum, [autoscaler("web", { minReplicas: 1 })], [/minReplicas is 1; write 2/]);
        assertFindings(autoscalerMinimum, [autoscaler("web", {})], [/minReplicas is 1/]);
    });

    it("accepts more, and what is not known yet", () => {
        for (const minReplicas of [2, UNKNOWN])
            assertFindings(autoscalerMinimum, [autoscaler("web", { minReplicas })], []);
    });
});

describe("spread-over-nodes", () => {
    const nowhere = podSpec({}, { topologySpreadConstraints: undefined });

    it("finds replicas that may share a node, autoscaled ones too", () => {
        assertFindings(
            spreadOverNodes,
            [deployment("web", {}, nowhere)],
            [/Deployment shop\/web: its replicas may all/],
        );
        assertFindings(
            spreadOverNodes,
            [deployment("web", { replicas: 1 }, nowhere), autoscaler("web")],
            [/shop\/web/],
        );
        const byZone = podSpec({}, { topologySpreadConstraints: [{ topologyKey: "topology.kubernetes.io/zone" }] });
        assertFindings(spreadOverNodes, [deployment("web", {}, byZone)], [/shop\/web/]);
    });

    it("accepts anti-affinity, a single replica, and pods that nobody dials", () => {
        const term = { topologyKey: "kubernetes.io/hostname" };
        const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
        const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: term }] };
        for (const podAntiAffinity of [required, preferred, UNKNOWN]) {
            assertFindings(spreadOverNodes, [deployment("web", {}, { ...nowhere, affinity: { podAntiAffinity } })], []);
        }
        assertFindings(spreadOverNodes, [deployment("web", { replicas: 1 }, nowhere)], []);
        assertFindings(spreadOverNodes, [deployment("web", {}, { containers: [{ name: "worker" }] })], []);
    });
});
