import assert from "node:assert/strict";
import { clusterInventory } from "../../../components/cluster/inventory";
import { ConfigError } from "../../../model/configError";
import { INVENTORY_SCHEMA_VERSION, inventoryHosts, parseInventory } from "../../../model/inventory";
import { configWith } from "./sampleConfig";

const sample = () => clusterInventory(configWith(), "sha256:00");

function problems(input: unknown) {
    try {
        parseInventory(input);
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems;
    }
    return assert.fail("the inventory was accepted");
}

describe("an inventory", () => {
    it("of a newer schema is refused with both versions and what to do", () => {
        const [problem, ...others] = problems({ ...sample(), schemaVersion: INVENTORY_SCHEMA_VERSION + 1 });
        assert.deepEqual(others, []);
        assert.deepEqual(problem, {
            path: "schemaVersion",
            message: "is 2; this quorate reads 1: use the quorate that belongs to the stack",
        });
    });

    it("may hold fields that this reader does not know", () => {
        const { schemaVersion } = parseInventory({ ...sample(), later: true });
        assert.equal(schemaVersion, INVENTORY_SCHEMA_VERSION);
    });

    it("of an older quorate is read, with what came later at its default", () => {
        const older = sample() as unknown as {
            endpoint: Record<string, unknown>;
            loadBalancers: { backends: Record<string, unknown>[] }[];
        };
        delete older.endpoint["advertIntervalMs"];
        for (const { backends } of older.loadBalancers) {
            for (const backend of backends) for (const key of ["protocol", "noticesWithinMs"]) delete backend[key];
        }
        const { endpoint, loadBalancers } = parseInventory(older);
        const backend = loadBalancers[0]?.backends[0];
        assert.deepEqual([endpoint.advertIntervalMs, backend?.protocol, backend?.noticesWithinMs], [500, "tcp", 4000]);
    });

    it("that is incomplete is refused with every missing key", () => {
        const { caHash, endpoint, ...rest } = sample();
        assert.ok(caHash && endpoint);
        const [first, ...hosts] = rest.hosts;
        const broken = { ...rest, hosts: [{ ...first, role: "master" }, ...hosts] };
        assert.deepEqual(
            problems(broken)
                .map(({ path }) => path)
                .sort(),
            ["caHash", "endpoint", "hosts[0].role"],
        );
    });

    for (const nothing of [undefined, null, "", 1, []]) {
        it(`cannot be ${JSON.stringify(nothing)}`, () => {
            assert.equal(problems(nothing)[0]?.path, "(whole)");
        });
    }

    it("names its source when it is refused", () => {
        assert.throws(() => parseInventory({}, "outputs.json"), /^ConfigError: outputs\.json: /);
    });

    it("lists hosts of a role in the order of the configuration", () => {
        assert.deepEqual(
            inventoryHosts(sample(), "worker").map(({ name }) => name),
            ["w1", "w2", "w3"],
        );
    });
});
