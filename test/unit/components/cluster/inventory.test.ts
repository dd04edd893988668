import assert from "node:assert/strict";
import { clusterInventory } from "../../../../components/cluster/inventory";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { parseInventory } from "../../../../model/inventory";
import { configWith } from "../../model/sampleConfig";

const inventory = (change?: (input: ClusterConfigInput) => void) => clusterInventory(configWith(change), "sha256:0a");
const rich = (input: ClusterConfigInput) => {
    input.ssh = { user: "admin", port: 2222, proxy: { host: "bastion", hostKey: input.hosts[0]?.hostKey ?? "" } };
    input.pools = [{ name: "gpu" }];
    for (const host of input.hosts) host.zone = "a";
    for (const host of input.hosts) if (host.name === "w1") host.pool = "gpu";
    input.endpoint.ingressHosts = ["w1", "w2"];
};

describe("the inventory of a configuration", () => {
    for (const [what, change] of [
        ["with defaults only", () => undefined],
        ["with zones, pools and a bastion", rich],
        [
            "behind a balancer of the user's own",
            (input: ClusterConfigInput) => {
                input.endpoint.kind = "external";
                input.hosts = input.hosts.filter((host) => host.role !== "load-balancer");
            },
        ],
    ] as const) {
        it(`${what} is read back as it was written, through JSON as well`, () => {
            const written = inventory(change);
            assert.deepEqual(parseInventory(written), written);
            assert.deepEqual(parseInventory(JSON.parse(JSON.stringify(written))), written);
        });
    }

    it("has every etcd member with both its addresses", () => {
        assert.deepEqual(inventory().etcd.members[1], {
            name: "cp2",
            host: "cp2",
            clientUrl: "https://10.89.0.22:2379",
            peerUrl: "https://10.89.0.22:2380",
        });
        assert.equal(inventory().etcd.members.length, 3);
    });

    it("has every balancer with what HAProxy is configured with", () => {
        const [lb1, lb2] = inventory().loadBalancers;
        assert.deepEqual([lb1?.host, lb2?.host], ["lb1", "lb2"]);
        assert.equal(lb1?.adminSocket, "/run/haproxy/admin.sock");
        assert.deepEqual(lb1?.frontends[0], { name: "k8s-api", port: 6443, backend: "k8s-api" });
        assert.deepEqual(
            lb1?.backends.map(({ name, purpose }) => [name, purpose]),
            [
                ["k8s-api", "api"],
                ["ingress-http", "ingress"],
                ["ingress-https", "ingress"],
            ],
        );
        assert.deepEqual(lb1?.backends[0]?.servers[0], { name: "cp1", address: "10.89.0.21", port: 6443 });
    });

    it("says how to reach every host", () => {
        const [lb1] = inventory(rich).hosts;
        assert.deepEqual([lb1?.ssh.user, lb1?.ssh.port], ["admin", 2222]);
        assert.match(lb1?.ssh.hostKey ?? "", /^ssh-ed25519 /);
        assert.equal(inventory(rich).proxy?.host, "bastion");
    });

    it("says which hosts carry ingress and which pool a worker is of", () => {
        const by = (name: string, change?: (input: ClusterConfigInput) => void) =>
            inventory(change).hosts.find((host) => host.name === name);
        assert.deepEqual([by("cp1")?.ingress, by("w1")?.ingress, by("w1")?.pool], [true, false, "default"]);
        assert.deepEqual(
            [by("cp1", rich)?.ingress, by("w1", rich)?.ingress, by("w1", rich)?.pool],
            [false, true, "gpu"],
        );
        assert.equal(by("cp1")?.pool, undefined);
    });

    it("writes versions as each project does", () => {
        assert.deepEqual(inventory().versions, { kubernetes: "v1.36.3", etcd: "3.6.10", containerd: "2.3.4" });
    });
});
