import assert from "node:assert/strict";
import { type HaStatefulWorkloadArgs, parseStatefulWorkload } from "../../../../components/workload/statefulArgs";
import { statefulObjects } from "../../../../components/workload/statefulObjects";
import { type Changeable, accepts, refuses, statefulArgs } from "./sampleArgs";
import { REPLICATED_REFUSALS } from "./sharedRefusals";

const parse = (args: HaStatefulWorkloadArgs) => parseStatefulWorkload("store", args);

function objects(change: (args: Changeable) => void = () => undefined): Changeable {
    const args = statefulArgs();
    change(args);
    return statefulObjects(parse(args));
}

describe("a stateful workload refuses", () => {
    refuses(statefulArgs, parse, [
        ...REPLICATED_REFUSALS,
        ["no volumes", (a) => delete a.volumes, "volumes", /is missing.*or use HaWorkload/],
        ["an empty list of volumes", (a) => (a.volumes = []), "volumes", /is empty.*or use HaWorkload/],
        ["a volume without a size", (a) => delete a.volumes[0].size, "volumes[0].size", /is missing/],
        ["a size that is none", (a) => (a.volumes[0].size = "big"), "volumes[0].size", /"big" is no amount/],
        [
            "two volumes at one path",
            (a) => a.volumes.push({ name: "log", mountPath: "/data", size: "1Gi" }),
            "volumes[1].mountPath",
            /\/data is already volumes\[0\]/,
        ],
        [
            "two volumes of one name",
            (a) => a.volumes.push({ name: "data", mountPath: "/log", size: "1Gi" }),
            "volumes[1].name",
            /data is already volumes\[0\]/,
        ],
        ["volumes for many nodes", (a) => (a.volumes[0].accessMode = "ReadWriteMany"), "volumes[0].accessMode", /./],
        ["a name too long for the labels of its pods", (a) => (a.name = "a".repeat(53)), "name", /at most 52/],
        ["an unknown order of starts", (a) => (a.podManagement = "Random"), "podManagement", /./],
        ["an autoscaler", (a) => (a.autoscaling = { min: 2, max: 3 }), "(top level)", /unknown "autoscaling"/],
    ]);
});

describe("a stateful workload accepts", () => {
    accepts(statefulArgs, parse, {
        "only what it must say": () => undefined,
        "the longest name": (a) => (a.name = "a".repeat(52)),
        "another class of storage": (a) => (a.volumes[0].storageClass = "fast"),
    });
});

describe("a stateful workload", () => {
    it("is found by the first step of a drain, by its pods only (TRAPS 37)", () => {
        const { statefulSet } = objects();
        assert.equal(statefulSet.spec.template.metadata.labels["quorate.dev/drain"], "storage-first");
        assert.ok(!("quorate.dev/drain" in statefulSet.spec.selector.matchLabels));
    });

    it("keeps its volumes when replicas or all of it go", () => {
        const { spec } = objects().statefulSet;
        assert.deepEqual(spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: "Retain", whenScaled: "Retain" });
        assert.deepEqual(spec.volumeClaimTemplates, [
            {
                metadata: { name: "data" },
                spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
        ]);
        assert.deepEqual(spec.template.spec.containers[0].volumeMounts, [{ name: "data", mountPath: "/data" }]);
    });

    it("names its class of storage when told", () => {
        const { spec } = objects((args) => (args.volumes[0].storageClass = "fast")).statefulSet;
        assert.equal(spec.volumeClaimTemplates[0].spec.storageClassName, "fast");
    });

    it("gives each pod a name that others find before it is ready", () => {
        const { peers, statefulSet } = objects();
        assert.equal(peers.metadata.name, "store-peers");
        assert.equal(statefulSet.spec.serviceName, "store-peers");
        assert.equal(peers.spec.clusterIP, "None");
        assert.equal(peers.spec.publishNotReadyAddresses, true);
    });

    it("sends clients only to pods that are ready", () => {
        const { service } = objects();
        assert.equal(service.metadata.name, "store");
        assert.ok(!("publishNotReadyAddresses" in service.spec));
        assert.deepEqual(service.spec.ports, [{ name: "http", port: 8080, targetPort: "http" }]);
    });

    it("starts and updates one replica after the other, or starts all when asked", () => {
        const { spec } = objects().statefulSet;
        assert.equal(spec.replicas, 3);
        assert.equal(spec.podManagementPolicy, "OrderedReady");
        assert.deepEqual(spec.updateStrategy, { type: "RollingUpdate" });
        const parallel = objects((args) => (args.podManagement = "Parallel"));
        assert.equal(parallel.statefulSet.spec.podManagementPolicy, "Parallel");
    });

    it("wishes for different nodes, whatever the revision, because volumes bind its pods", () => {
        const [nodes] = objects().statefulSet.spec.template.spec.topologySpreadConstraints;
        assert.equal(nodes.whenUnsatisfiable, "ScheduleAnyway");
        assert.ok(!("matchLabelKeys" in nodes));
    });

    it("ends as slowly as other workloads and has a budget", () => {
        const { statefulSet, budget } = objects();
        const { spec } = statefulSet.spec.template;
        assert.equal(spec.containers[0].lifecycle.preStop.sleep.seconds, 8);
        assert.equal(spec.terminationGracePeriodSeconds, 28);
        assert.equal(budget.spec.maxUnavailable, 1);
        assert.equal(budget.spec.unhealthyPodEvictionPolicy, "AlwaysAllow");
    });
});
