import assert from "node:assert/strict";
import { poolOf, populatedPools } from "../../../../components/workers/pools";
import { renderWorkerJoin } from "../../../../components/workers/workerPool";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { configWith } from "../../model/sampleConfig";

const gpu = (input: ClusterConfigInput) => {
    input.pools = [
        { name: "gpu", labels: { "example.com/gpu": "a100" }, taints: [{ key: "gpu", effect: "NoSchedule" }] },
        { name: "empty" },
    ];
    for (const host of input.hosts) if (host.name === "w2") host.pool = "gpu";
};

describe("worker pools", () => {
    it("are those that have workers, in the order of the hosts", () => {
        const pools = populatedPools(configWith(gpu));
        assert.deepEqual(
            pools.map(({ pool, hosts }) => [pool.name, hosts.map(({ name }) => name)]),
            [
                ["default", ["w1", "w3"]],
                ["gpu", ["w2"]],
            ],
        );
    });

    it("have a default that need not be declared, and may be", () => {
        const config = configWith((input) => (input.pools = [{ name: "default", labels: { tier: "base" } }]));
        const w1 = config.hosts.find((host) => host.name === "w1");
        assert.ok(w1);
        assert.deepEqual(poolOf(config, w1), { name: "default", labels: { tier: "base" }, taints: [] });
        const [plain] = populatedPools(configWith());
        assert.deepEqual(plain?.pool, { name: "default", labels: {}, taints: [] });
    });
});

describe("the step that joins a worker", () => {
    const config = configWith(gpu);
    const [, pool] = populatedPools(config);
    const [host] = pool?.hosts ?? [];
    assert.ok(pool && host);
    const step = renderWorkerJoin(config, host, pool.pool);

    it("registers it with its pool's taints", () => {
        assert.match(step.files?.[0]?.content ?? "", /gpu=:NoSchedule/);
    });

    it("asks the endpoint", () => assert.equal(step.settings?.["endpoint"], "10.89.0.10:6443"));
});
