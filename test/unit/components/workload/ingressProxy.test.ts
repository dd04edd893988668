import assert from "node:assert/strict";
import { type HaIngressArgs, parseIngressProxy } from "../../../../components/workload/ingressArgs";
import { ingressObjects } from "../../../../components/workload/ingressObjects";
import { Duration } from "../../../../model/duration";
import { type Changeable, accepts, ingressArgs, refuses } from "./sampleArgs";

const parse = (args: HaIngressArgs) => parseIngressProxy("proxy", args);

function objects(change: (args: Changeable) => void = () => undefined): Changeable {
    const args = ingressArgs();
    change(args);
    return ingressObjects(parse(args));
}

const pod = (change?: (args: Changeable) => void) => objects(change).daemonSet.spec.template.spec;

describe("an ingress proxy refuses", () => {
    refuses(ingressArgs, parse, [
        [
            "a drain that ends when balancers notice",
            (a) => Object.assign(a, { drain: "4s", balancerNotices: "4s" }),
            "drain",
            /4s is over before the load balancers have noticed after 4s/,
        ],
        [
            "to replace the next proxy before balancers use this one",
            (a) => Object.assign(a, { minReady: "3s", balancerNotices: "4s" }),
            "minReady",
            /use this one again only after 4s/,
        ],
        ["a grace period within the drain", (a) => (a.grace = "10s"), "grace", /10s kills the proxy before its drain/],
        ["no drain", (a) => delete a.drain, "drain", /is missing; write a time/],
        ["no health check", (a) => delete a.health, "health", /is missing; write \{ port, path \}/],
        ["no ports", (a) => (a.ports = []), "ports", /is empty; write at least one port/],
        ["a port that nodes do not have", (a) => delete a.ports[0].hostPort, "ports[0].hostPort", /is missing/],
        [
            "two ports at one port of the node",
            (a) => a.ports.push({ name: "https", containerPort: 9443, hostPort: 80 }),
            "ports[1].hostPort",
            /80 is already ports\[0\]/,
        ],
        [
            "a port named as the proxy's own",
            (a) => Object.assign(a, { metricsPort: 9911, ports: [{ ...a.ports[0], name: "metrics" }] }),
            "ports[0].name",
            /"metrics" is the name of the proxy's own port/,
        ],
        ["no rights", (a) => delete a.rules, "rules", /is missing; write what the proxy may read/],
        ["an empty list of rights", (a) => (a.rules = []), "rules", /could read no Ingress/],
        ["no class", (a) => delete a.ingressClass, "ingressClass", /is missing; write \{ name, controller \}/],
        [
            "a controller without a domain",
            (a) => (a.ingressClass.controller = "proxy"),
            "ingressClass.controller",
            /write DOMAIN\/NAME/,
        ],
        ["an ordinary priority", (a) => (a.priorityClassName = "high"), "priorityClassName", /./],
        ["a moving image", (a) => (a.image = "proxy:latest"), "image", /"latest", which moves/],
        ["a moving image of the gate", (a) => (a.gate = { image: "gate" }), "gate.image", /has no tag/],
        ["root by its number", (a) => (a.security = { user: 0 }), "security.user", /root: true/],
        ["a namespace: it lives in kube-system", (a) => (a.namespace = "shop"), "(top level)", /unknown "namespace"/],
        ["a rule without words", (a) => (a.admission = [{ expression: "true" }]), "admission[0].message", /./],
        [
            "limits below requests",
            (a) => (a.resources.limits.memory = "1Mi"),
            "resources.limits.memory",
            /less than the 64Mi requested/,
        ],
    ]);
});

describe("the rules of an ingress proxy", () => {
    const rule = { expression: "!('x/y' in variables.annotations)", message: "x/y is not accepted; leave it out" };
    const admission = () => objects((args) => (args.admission = [rule])).admission;

    it("become a policy of the API server, which refuses when it cannot decide", () => {
        const { policy, binding } = admission();
        assert.equal(policy.spec.failurePolicy, "Fail");
        assert.deepEqual(policy.spec.validations, [{ ...rule, reason: "Forbidden" }]);
        assert.deepEqual(policy.spec.matchConstraints.resourceRules, [
            {
                apiGroups: ["networking.k8s.io"],
                apiVersions: ["v1"],
                operations: ["CREATE", "UPDATE"],
                resources: ["ingresses"],
            },
        ]);
        assert.deepEqual(binding.spec, { policyName: policy.metadata.name, validationActions: ["Deny"] });
        for (const { metadata } of [policy, binding]) assert.ok(!("namespace" in metadata));
    });

    it("are about Ingresses of its class or of none, and let older ones go", () => {
        const expressions = admission().policy.spec.matchConditions.map(
            (one: { expression: string }) => one.expression,
        );
        assert.match(expressions[0], /!has\(object\.spec\.ingressClassName\) \|\| .* in \['', 'proxy'\]$/);
        assert.match(expressions[1], /'kubernetes\.io\/ingress\.class'.* in \['', 'proxy'\]$/);
        const annotations = (of: string) => `(has(${of}.metadata.annotations) ? ${of}.metadata.annotations : {})`;
        const goes = [
            "has(object.metadata.deletionTimestamp)",
            "oldObject != null",
            "object.spec == oldObject.spec",
            `${annotations("object")} == ${annotations("oldObject")}`,
        ];
        // Also one that is going is served until then: what changes of it is looked at.
        assert.equal(expressions[2], `!(${goes.join(" && ")})`);
    });

    it("make no policy when there are none", () => assert.equal(objects().admission, undefined));
});

describe("an ingress proxy accepts", () => {
    accepts(ingressArgs, parse, {
        "only what it must say": () => undefined,
        "a drain longer than balancers take": (a) => (a.balancerNotices = "9s"),
        durations: (a) => (a.drain = Duration.seconds(30)),
    });
});

describe("an ingress proxy", () => {
    it("stands on every ingress node, control planes too", () => {
        assert.deepEqual(pod().nodeSelector, { "node-role.kubernetes.io/ingress": "" });
        assert.deepEqual(pod().tolerations, [
            { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
        ]);
    });

    it("is on the pod network with ports of its node (TRAPS 63)", () => {
        assert.ok(!("hostNetwork" in pod()));
        assert.deepEqual(pod().containers[0].ports, [{ name: "http", containerPort: 9090, hostPort: 80 }]);
    });

    it("is replaced one node at a time, when balancers use the last one again", () => {
        const { spec } = objects().daemonSet;
        assert.deepEqual(spec.updateStrategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } });
        assert.equal(spec.minReadySeconds, 10);
    });

    it("is told to end at once and killed well after its drain", () => {
        assert.ok(!("lifecycle" in pod().containers[0]));
        assert.equal(pod().terminationGracePeriodSeconds, 10 + 15);
        assert.equal(pod((args) => (args.grace = "40s")).terminationGracePeriodSeconds, 40);
    });

    it("is asked on its health path whether it can serve, and restarted only when it accepts no connection", () => {
        const [proxy] = pod().containers;
        assert.deepEqual(proxy.readinessProbe.httpGet, { path: "/healthz", port: 9090 });
        assert.deepEqual(proxy.livenessProbe.tcpSocket, { port: 9090 });
        assert.deepEqual(proxy.startupProbe.tcpSocket, { port: 9090 });
    });

    it("may wait five minutes for the pod network before it counts as broken", () => {
        const [{ startupProbe }] = pod().containers;
        assert.equal(startupProbe.periodSeconds * startupProbe.failureThreshold, 300);
    });

    it("shows its own ports inside the cluster only", () => {
        const [proxy] = pod((args) =>
            Object.assign(args, { health: { port: 9911, path: "/" }, metricsPort: 9912 }),
        ).containers;
        assert.deepEqual(proxy.ports, [
            { name: "http", containerPort: 9090, hostPort: 80 },
            { name: "health-check", containerPort: 9911 },
            { name: "metrics", containerPort: 9912 },
        ]);
    });

    it("starts only when its gate has succeeded, if it has one", () => {
        assert.ok(!("initContainers" in pod()));
        const [gate] = pod(
            (args) => (args.gate = { image: "gate:1", command: ["/reach"], args: ["dns"] }),
        ).initContainers;
        assert.deepEqual([gate.image, gate.command, gate.args], ["gate:1", ["/reach"], ["dns"]]);
        assert.deepEqual(gate.resources, pod().containers[0].resources);
    });

    it("is a critical add-on", () => {
        assert.equal(objects().daemonSet.metadata.namespace, "kube-system");
        assert.equal(pod().priorityClassName, "system-node-critical");
        const other = pod((args) => (args.priorityClassName = "system-cluster-critical"));
        assert.equal(other.priorityClassName, "system-cluster-critical");
    });

    it("may do with the API what is listed, as itself", () => {
        const { serviceAccount, role, binding } = objects();
        assert.equal(serviceAccount.automountServiceAccountToken, true);
        assert.equal(pod().automountServiceAccountToken, true);
        assert.deepEqual(role.rules, ingressArgs().rules);
        assert.equal(binding.roleRef.name, role.metadata.name);
        assert.deepEqual(binding.subjects, [{ kind: "ServiceAccount", name: "proxy", namespace: "kube-system" }]);
        for (const { metadata } of [role, binding]) assert.ok(!("namespace" in metadata));
    });

    it("serves its class, and Ingresses without one only when told", () => {
        const { ingressClass } = objects();
        assert.deepEqual(
            [ingressClass.metadata.name, ingressClass.spec],
            ["proxy", { controller: "proxy.example/ingress" }],
        );
        assert.deepEqual(ingressClass.metadata.annotations, {});
        const byDefault = objects((args) => (args.ingressClass.default = true)).ingressClass;
        assert.deepEqual(byDefault.metadata.annotations, { "ingressclass.kubernetes.io/is-default-class": "true" });
    });
});
