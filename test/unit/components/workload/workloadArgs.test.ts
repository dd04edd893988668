import assert from "node:assert/strict";
import { type HaWorkloadArgs, parseWorkload } from "../../../../components/workload/workloadArgs";
import { Duration } from "../../../../model/duration";
import { type Changeable, accepts, problemsOf, refuses, workloadArgs } from "./sampleArgs";
import { REPLICATED_REFUSALS } from "./sharedRefusals";

const parse = (args: HaWorkloadArgs) => parseWorkload("shop", args);

describe("a workload refuses", () => {
    refuses(workloadArgs, parse, [
        ...REPLICATED_REFUSALS,
        [
            "an autoscaler that may leave one replica",
            (a) => (a.autoscaling = { min: 1, max: 5 }),
            "autoscaling.min",
            /1 lets the autoscaler leave a single replica/,
        ],
        [
            "an autoscaler whose maximum is below its minimum",
            (a) => (a.autoscaling = { min: 4, max: 3 }),
            "autoscaling.max",
            /3 is less than the minimum 4/,
        ],
        [
            "a budget that takes the autoscaler's minimum",
            (a) => Object.assign(a, { autoscaling: { min: 2, max: 9 }, maxUnavailable: 2 }),
            "maxUnavailable",
            /all 2 replicas that the autoscaler may go down to/,
        ],
        [
            "replicas beside an autoscaler",
            (a) => Object.assign(a, { autoscaling: { min: 2, max: 9 }, replicas: 4 }),
            "replicas",
            /4 contradicts autoscaling/,
        ],
        [
            "an autoscaler without CPU requests",
            (a) => Object.assign(a, { autoscaling: { min: 2, max: 9 }, resources: { qos: "bestEffort" } }),
            "resources.qos",
            /requests no CPU/,
        ],
        ["an Ingress without a host", (a) => (a.ingress = {}), "ingress.host", /is missing; write the name/],
        ["an Ingress whose host is none", (a) => (a.ingress = { host: "a b" }), "ingress.host", /"a b" is no DNS name/],
        [
            "an Ingress to an unknown port",
            (a) => (a.ingress = { host: "shop.example", port: "admin" }),
            "ingress.port",
            /"admin" is none of the ports; write one of http/,
        ],
        [
            "an Ingress path without a slash",
            (a) => (a.ingress = { host: "shop.example", path: "shop" }),
            "ingress.path",
            /leading "\/"/,
        ],
        ["a name that is too long", (a) => (a.name = "a".repeat(64)), "name", /at most 63/],
    ]);

    it("everything at once, fields and the rules between them, under the component's name", () => {
        const args: Changeable = workloadArgs();
        args.image = "shop";
        args.drain = { preStop: "30s", grace: "20s" };
        args.ingress = { host: "shop.example", port: "admin" };
        delete args.probes.readiness.path;
        const paths = problemsOf(() => parse(args)).map(({ path }) => path);
        assert.deepEqual(paths.sort(), ["drain.grace", "image", "ingress.port", "probes.readiness.path"]);
        assert.throws(() => parse(args), /^ConfigError: HaWorkload shop: 4 problems/);
    });

    it("nothing in a rule that a wrong field broke", () => {
        const args: Changeable = workloadArgs();
        args.ports = "http";
        assert.deepEqual(
            problemsOf(() => parse(args)).map(({ path }) => path),
            ["ports"],
        );
    });
});

describe("a workload accepts", () => {
    accepts(workloadArgs, parse, {
        "only what it must say": () => undefined,
        "an image by its digest": (a) => (a.image = `shop@sha256:${"0".repeat(64)}`),
        "an image by tag and digest": (a) => (a.image = `shop:latest@sha256:${"0".repeat(64)}`),
        "an image of a registry with a port": (a) => (a.image = "registry.example:5000/shop:1"),
        "root that is meant": (a) => (a.security = { root: true, user: 0 }),
        "a critical add-on": (a) =>
            Object.assign(a, {
                namespace: "kube-system",
                criticalAddon: true,
                priorityClassName: "system-cluster-critical",
            }),
        "a host with a wildcard": (a) => (a.ingress = { host: "*.shop.example" }),
        "best effort": (a) => (a.resources = { qos: "bestEffort" }),
        "an autoscaler that keeps its number": (a) => (a.autoscaling = { min: 2, max: 2 }),
        "a liveness path and port of its own": (a) => (a.probes.liveness = { path: "/alive", port: "http" }),
    });

    it("times as text or as durations", () => {
        const drain = { preStop: Duration.seconds(12), app: "20s" };
        assert.equal(parse({ ...workloadArgs(), drain }).drain.preStop.wholeSeconds, 12);
    });

    it("the component's name, or one of its own", () => {
        assert.equal(parse(workloadArgs()).name, "shop");
        assert.equal(parse({ ...workloadArgs(), name: "front" }).name, "front");
    });
});
