import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { type HaWorkloadArgs, parseWorkload } from "../../components/workload/workloadArgs";
import { type ClusterConfig, hostsWithRole, ingressHosts, parseClusterConfig } from "../../model/clusterConfig";
import { type WorkloadsConfig, parseWorkloadsConfig } from "../../model/workloadsConfig";

const directory = path.resolve(__dirname, "../../examples");
const files = readdirSync(directory).filter((name) => name.endsWith(".yaml"));

interface StackFile {
    readonly config: Readonly<Record<string, unknown>>;
}

function text(file: string): string {
    return readFileSync(path.join(directory, file), "utf8");
}

function stackConfig(file: string): StackFile["config"] {
    return (parse(text(file)) as StackFile).config;
}

function example(file: string): ClusterConfig {
    return parseClusterConfig(stackConfig(file)["quorate:cluster"], file);
}

function workloadsExample(): WorkloadsConfig {
    return parseWorkloadsConfig(stackConfig("Pulumi.workloads.yaml")["quorate:workloads"]);
}

function counts(config: ClusterConfig): Record<string, number> {
    const roles = ["load-balancer", "control-plane", "worker"] as const;
    return Object.fromEntries(roles.map((role) => [role, hostsWithRole(config, role).length]));
}

describe("examples", () => {
    it("are a small and a bigger site, and what stands on them", () => {
        assert.deepEqual(files.sort(), ["Pulumi.site.yaml", "Pulumi.small.yaml", "Pulumi.workloads.yaml"]);
    });

    for (const file of ["Pulumi.site.yaml", "Pulumi.small.yaml"]) {
        it(`${file} is a configuration that a stack accepts`, () => {
            assert.ok(example(file).hosts.length > 0);
        });

        it(`${file} gives each host a key of its own to replace`, () => {
            const keys = example(file).hosts.map((host) => host.hostKey);
            assert.equal(new Set(keys).size, keys.length);
        });
    }

    it("the small one has two load balancers, three control planes and workers", () => {
        assert.deepEqual(counts(example("Pulumi.small.yaml")), {
            "load-balancer": 2,
            "control-plane": 3,
            worker: 3,
        });
    });

    it("the bigger one shows five control planes, zones, pools, a bastion, a mirror, vxlan and ingress hosts", () => {
        const site = example("Pulumi.site.yaml");
        assert.equal(counts(site)["control-plane"], 5);
        assert.ok(site.hosts.every((host) => host.zone !== undefined));
        assert.deepEqual(
            site.pools.map((pool) => pool.name),
            ["ingress", "gpu"],
        );
        assert.ok(site.ssh.proxy !== undefined);
        assert.equal(site.artifacts.source, "mirror");
        assert.equal(site.network.mode, "vxlan");
        assert.equal(site.endpoint.ingress.length, 3);
        assert.deepEqual(
            ingressHosts(site).map((host) => host.pool),
            ["ingress", "ingress", "ingress"],
        );
    });

    it("the one of workloads says so and shows every key", () => {
        assert.equal(stackConfig("Pulumi.workloads.yaml")["quorate:layer"], "workloads");
        const { ingress, applications } = workloadsExample();
        assert.equal(ingress.controller, "skipper");
        assert.deepEqual(
            applications.map(({ user }) => user),
            [1000, undefined],
        );
    });

    it("the one of workloads has applications that HaWorkload accepts", () => {
        for (const { name, namespace, image, args, port, readinessPath, ...rest } of workloadsExample().applications) {
            const { replicas, resources, user, host } = rest;
            const workload: HaWorkloadArgs = {
                ...{ namespace, image, args, replicas, resources },
                ports: [{ name: "http", containerPort: port }],
                probes: { readiness: { path: readinessPath } },
                ...(user !== undefined && { security: { user } }),
                ingress: { host },
            };
            assert.equal(parseWorkload(name, workload).replicas, 3);
        }
    });

    it("the small one says how balancers check the proxy of workloads", () => {
        const [, line] = /#\s+- (\{ name: ingress-http.*\})/.exec(text("Pulumi.small.yaml")) ?? [];
        const small = stackConfig("Pulumi.small.yaml")["quorate:cluster"] as { endpoint: object };
        const config = parseClusterConfig({ ...small, endpoint: { ...small.endpoint, ingress: [parse(line ?? "")] } });
        assert.deepEqual(
            config.endpoint.ingress.map(({ protocol, checkPath }) => [protocol, checkPath]),
            [["http", "/kube-system/healthz"]],
        );
    });
});
