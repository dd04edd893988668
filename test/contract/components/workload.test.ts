import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { HaIngress } from "../../../components/workload/haIngress";
import { HaStatefulWorkload } from "../../../components/workload/haStatefulWorkload";
import { HaWorkload } from "../../../components/workload/haWorkload";
import { ConfigError } from "../../../model/configError";
import { ingressArgs, statefulArgs, workloadArgs } from "../../unit/components/workload/sampleArgs";
import { RecordedProgram, settled } from "./support/recordedProgram";

type Build = (options: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;

const everything: Build = (options) =>
    new HaWorkload(
        "shop",
        {
            ...workloadArgs(),
            autoscaling: { min: 3, max: 9 },
            ingress: { host: "shop.example" },
            priorityClass: { value: 1000 },
        },
        options,
    );
const stateful: Build = (options) => new HaStatefulWorkload("store", statefulArgs(), options);
const ingress: Build = (options) =>
    new HaIngress("proxy", { ...ingressArgs(), admission: [{ expression: "true", message: "nothing" }] }, options);

/** Types of what a component makes, by name. */
async function children(build: Build, preview = false) {
    const program = await RecordedProgram.of(build, { preview });
    const types = [...program.resources.values()].map(({ name, type }) => [name, type] as const);
    return { program, types: Object.fromEntries(types) };
}

const KINDS: readonly (readonly [string, string, Build, Readonly<Record<string, string>>])[] = [
    [
        "HaWorkload",
        "shop",
        everything,
        {
            "shop-account": "kubernetes:core/v1:ServiceAccount",
            "shop-budget": "kubernetes:policy/v1:PodDisruptionBudget",
            "shop-priority": "kubernetes:scheduling.k8s.io/v1:PriorityClass",
            "shop-deployment": "kubernetes:apps/v1:Deployment",
            "shop-service": "kubernetes:core/v1:Service",
            "shop-autoscaler": "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
            "shop-ingress": "kubernetes:networking.k8s.io/v1:Ingress",
        },
    ],
    [
        "HaStatefulWorkload",
        "store",
        stateful,
        {
            "store-account": "kubernetes:core/v1:ServiceAccount",
            "store-budget": "kubernetes:policy/v1:PodDisruptionBudget",
            "store-set": "kubernetes:apps/v1:StatefulSet",
            "store-peers": "kubernetes:core/v1:Service",
            "store-service": "kubernetes:core/v1:Service",
        },
    ],
    [
        "HaIngress",
        "proxy",
        ingress,
        {
            "proxy-account": "kubernetes:core/v1:ServiceAccount",
            "proxy-role": "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
            "proxy-binding": "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
            "proxy-class": "kubernetes:networking.k8s.io/v1:IngressClass",
            "proxy-admission": "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
            "proxy-admission-binding": "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
            "proxy-proxy": "kubernetes:apps/v1:DaemonSet",
        },
    ],
];

for (const [kind, name, build, expected] of KINDS) {
    describe(`the resources of ${kind}`, () => {
        it("are all there, also in a preview, and belong to it", async () => {
            const { program, types } = await children(build);
            assert.deepEqual(types, expected);
            assert.deepEqual((await children(build, true)).types, expected);
            const [component] = program.components;
            assert.deepEqual([component?.type, component?.name], [`quorate:index:${kind}`, name]);
            for (const { parent } of program.resources.values()) assert.equal(parent, name);
        });

        it("have the names that arguments gave, not generated ones", async () => {
            const { program } = await children(build);
            for (const { name: child, inputs } of program.resources.values()) {
                assert.match((inputs["metadata"] as { name: string }).name, new RegExp(`\\b${name}\\b`), child);
            }
        });

        it("all go to the cluster whose provider the component was given", async () => {
            const found = await providers(build);
            assert.deepEqual([...found.keys()].sort(), Object.keys(expected).sort());
            for (const [child, provider] of found) assert.match(provider, /::cluster::/, child);
        });
    });
}

/** The provider of each resource, when the component gets one. */
async function providers(build: Build): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    await pulumi.runtime.setMocks({
        call: () => ({}),
        newResource: (args) => {
            if (args.type.startsWith("kubernetes:")) found.set(args.name, args.provider ?? "");
            return { id: `${args.name}-id`, state: args.inputs as object };
        },
    });
    const made: pulumi.Resource[] = [];
    const record: pulumi.ResourceTransformation = ({ resource }) => {
        made.push(resource);
        return undefined;
    };
    const provider = new kubernetes.Provider("cluster", { kubeconfig: "{}" });
    build({ provider, transformations: [record] });
    await Promise.all(made.map(({ urn }) => settled(urn)));
    return found;
}

describe("the order of a workload's resources", () => {
    it("makes pods when their account, budget and class are there", async () => {
        const { program } = await children(everything);
        for (const first of ["shop-account", "shop-budget", "shop-priority"]) {
            assert.ok(program.inTurn(first, "shop-deployment"), first);
        }
    });

    it("makes an ingress proxy's pods when they may read Ingresses", async () => {
        const { program } = await children(ingress);
        assert.ok(program.inTurn("proxy-account", "proxy-proxy"));
        assert.ok(program.inTurn("proxy-binding", "proxy-proxy"));
        assert.ok(program.inTurn("proxy-admission", "proxy-admission-binding"));
        assert.ok(program.inTurn("proxy-admission-binding", "proxy-proxy"), "no Ingress is served before its rules");
    });

    it("does not keep Services and pods waiting for each other", async () => {
        const { program } = await children(stateful);
        const { dependsOn } = program.get("store-set");
        assert.deepEqual(
            dependsOn.filter((name) => program.get(name).type.endsWith(":Service")),
            [],
        );
    });
});

describe("refused arguments", () => {
    const wrong: Readonly<Record<string, Build>> = {
        HaWorkload: (options) => new HaWorkload("shop", { ...workloadArgs(), replicas: 1 }, options),
        HaStatefulWorkload: (options) => new HaStatefulWorkload("store", { ...statefulArgs(), replicas: 1 }, options),
        HaIngress: (options) => new HaIngress("proxy", { ...ingressArgs(), ports: [] }, options),
    };
    for (const [kind, build] of Object.entries(wrong)) {
        it(`of ${kind} create nothing, not even the component`, async () => {
            const program = await RecordedProgram.of((options) => assert.throws(() => build(options), ConfigError));
            assert.equal(program.resources.size + program.components.length, 0);
        });
    }
});

describe("the outputs of workloads", () => {
    it("are the names that callers need", async () => {
        let built: HaWorkload | undefined;
        await RecordedProgram.of((options) => (built = everything(options) as HaWorkload));
        assert.ok(built);
        assert.equal(await settled(built.deploymentName), "shop");
        assert.equal(await settled(built.serviceName), "shop");
    });
});
