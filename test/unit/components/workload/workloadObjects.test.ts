import assert from "node:assert/strict";
import { objects, pod } from "./renderedWorkload";

describe("a workload's Deployment", () => {
    it("has three replicas and never fewer during a rollout", () => {
        const { spec } = objects().deployment;
        assert.equal(spec.replicas, 3);
        assert.deepEqual(spec.strategy, {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" },
        });
        assert.equal(spec.minReadySeconds, 5);
    });

    it("leaves the number of replicas to the autoscaler", () => {
        const { deployment, autoscaler, budget } = objects((args) => (args.autoscaling = { min: 4, max: 9 }));
        assert.ok(!("replicas" in deployment.spec));
        assert.deepEqual(autoscaler.spec, {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
            minReplicas: 4,
            maxReplicas: 9,
            metrics: [
                {
                    type: "Resource",
                    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
                },
            ],
        });
        assert.equal(budget.spec.maxUnavailable, 1);
    });

    it("finds its pods by a label that arguments cannot change", () => {
        const all = objects((args) => (args.labels = { team: "blue" }));
        const { labels } = all.deployment.spec.template.metadata;
        assert.equal(labels.team, "blue");
        const selector = { "quorate.dev/workload": "shop" };
        assert.deepEqual(all.deployment.spec.selector.matchLabels, selector);
        assert.deepEqual(all.service.spec.selector, selector);
        assert.deepEqual(all.budget.spec.selector.matchLabels, selector);
        assert.equal(labels["quorate.dev/workload"], "shop");
    });
});

describe("a workload's replicas", () => {
    it("stand on different nodes, each rollout for itself, not counting nodes that take no pods", () => {
        assert.deepEqual(pod().topologySpreadConstraints, [
            {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "DoNotSchedule",
                nodeTaintsPolicy: "Honor",
                labelSelector: { matchLabels: { "quorate.dev/workload": "shop" } },
                matchLabelKeys: ["pod-template-hash"],
            },
        ]);
        const [wish] = pod().affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
        assert.equal(wish.podAffinityTerm.topologyKey, "kubernetes.io/hostname");
        assert.deepEqual(wish.podAffinityTerm.matchLabelKeys, ["pod-template-hash"]);
    });

    it("stand in different zones as a wish, where nodes have zones", () => {
        const [, zones] = pod((args) => (args.spread = { zones: true })).topologySpreadConstraints;
        assert.equal(zones.topologyKey, "topology.kubernetes.io/zone");
        assert.equal(zones.whenUnsatisfiable, "ScheduleAnyway");
    });

    it("stand on different nodes as a wish, where that is asked for", () => {
        const [nodes] = pod((args) => (args.spread = { nodes: "preferred" })).topologySpreadConstraints;
        assert.equal(nodes.whenUnsatisfiable, "ScheduleAnyway");
    });

    it("are drained one at a time, and a broken one blocks no drain (TRAPS 31)", () => {
        const { spec } = objects().budget;
        assert.equal(spec.maxUnavailable, 1);
        assert.equal(spec.unhealthyPodEvictionPolicy, "AlwaysAllow");
    });
});

describe("a workload's priority", () => {
    it("is the cluster's default when nothing is said", () => {
        assert.ok(!("priorityClassName" in pod()));
        assert.equal(objects().priorityClass, undefined);
    });

    it("is a class that exists, or one of its own that cannot be taken for Kubernetes'", () => {
        assert.equal(pod((args) => (args.priorityClassName = "high")).priorityClassName, "high");
        const own = objects((args) => (args.priorityClass = { value: 1000, preempts: false }));
        assert.equal(own.priorityClass.metadata.name, "quorate-shop-shop");
        assert.ok(!("namespace" in own.priorityClass.metadata));
        assert.equal(own.priorityClass.value, 1000);
        assert.equal(own.priorityClass.preemptionPolicy, "Never");
        assert.equal(own.deployment.spec.template.spec.priorityClassName, "quorate-shop-shop");
    });
});

describe("a workload's Service and Ingress", () => {
    it("lead to the ports of the container", () => {
        const ports = [
            { name: "http", containerPort: 8080, servicePort: 80 },
            { name: "admin", containerPort: 8081 },
        ];
        const all = objects((args) => Object.assign(args, { ports, ingress: { host: "shop.example" } }));
        assert.deepEqual(all.service.spec.ports, [
            { name: "http", port: 80, targetPort: "http" },
            { name: "admin", port: 8081, targetPort: "admin" },
        ]);
        assert.deepEqual(all.deployment.spec.template.spec.containers[0].ports, [
            { name: "http", containerPort: 8080 },
            { name: "admin", containerPort: 8081 },
        ]);
        assert.deepEqual(all.ingress.spec.rules, [
            {
                host: "shop.example",
                http: {
                    paths: [
                        {
                            path: "/",
                            pathType: "Prefix",
                            backend: { service: { name: "shop", port: { name: "http" } } },
                        },
                    ],
                },
            },
        ]);
    });

    it("are waited for only until the Ingress is there, because most controllers write no address", () => {
        const annotations = (more: object) =>
            objects((args) => (args.ingress = { host: "shop.example", ...more })).ingress.metadata.annotations;
        assert.deepEqual(annotations({}), { "pulumi.com/skipAwait": "true" });
        assert.deepEqual(annotations({ awaitAddress: true }), {});
        assert.deepEqual(annotations({ awaitAddress: true, annotations: { a: "b" } }), { a: "b" });
    });

    it("have a class, a certificate and another port when asked", () => {
        const { spec } = objects((args) => {
            args.ports.push({ name: "admin", containerPort: 8081 });
            args.ingress = {
                host: "shop.example",
                className: "proxy",
                tlsSecret: "shop-tls",
                port: "admin",
                path: "/a",
            };
        }).ingress;
        assert.equal(spec.ingressClassName, "proxy");
        assert.deepEqual(spec.tls, [{ hosts: ["shop.example"], secretName: "shop-tls" }]);
        const [path] = spec.rules[0].http.paths;
        assert.deepEqual([path.path, path.backend.service.port.name], ["/a", "admin"]);
    });

    it("are not there when not asked for", () => {
        assert.equal(objects().ingress, undefined);
        assert.equal(objects().autoscaler, undefined);
    });
});
