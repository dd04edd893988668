import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { type ClusterConfig, hostsWithRole, ingressHosts, parseClusterConfig } from "../../model/clusterConfig";

const directory = path.resolve(__dirname, "../../examples");
const files = readdirSync(directory).filter((name) => name.endsWith(".yaml"));

interface StackFile {
    readonly config: Readonly<Record<string, unknown>>;
}

function example(file: string): ClusterConfig {
    const { config } = parse(readFileSync(path.join(directory, file), "utf8")) as StackFile;
    return parseClusterConfig(config["quorate:cluster"], file);
}

function counts(config: ClusterConfig): Record<string, number> {
    const roles = ["load-balancer", "control-plane", "worker"] as const;
    return Object.fromEntries(roles.map((role) => [role, hostsWithRole(config, role).length]));
}

describe("examples", () => {
    it("are a small and a bigger site", () => {
        assert.deepEqual(files.sort(), ["Pulumi.site.yaml", "Pulumi.small.yaml"]);
    });

    for (const file of files) {
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
});
