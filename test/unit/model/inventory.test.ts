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

    // What reaches a shell of root's on some host, by its place.
    const reaches: Readonly<Record<string, (inventory: ReturnType<typeof full>, text: string) => void>> = {
        clusterName: (inventory, text) => (inventory.clusterName = text),
        "versions.kubernetes": ({ versions }, text) => (versions.kubernetes = text),
        "endpoint.address": ({ endpoint }, text) => (endpoint.address = text),
        "hosts[0].name": ({ hosts }, text) => (hosts[0]!.name = text),
        "hosts[0].address": ({ hosts }, text) => (hosts[0]!.address = text),
        "hosts[0].ssh.user": ({ hosts }, text) => (hosts[0]!.ssh.user = text),
        "hosts[0].ssh.hostKey": ({ hosts }, text) => (hosts[0]!.ssh.hostKey = text),
        "hosts[0].zone": ({ hosts }, text) => (hosts[0]!.zone = text),
        "hosts[7].pool": ({ hosts }, text) => (hosts[7]!.pool = text),
        "proxy.host": ({ proxy }, text) => (proxy!.host = text),
        "proxy.user": ({ proxy }, text) => (proxy!.user = text),
        "loadBalancers[0].host": ({ loadBalancers }, text) => (loadBalancers[0]!.host = text),
        "loadBalancers[0].adminSocket": ({ loadBalancers }, text) => (loadBalancers[0]!.adminSocket = text),
        "loadBalancers[0].frontends[0].name": ({ loadBalancers }, text) =>
            (loadBalancers[0]!.frontends[0]!.name = text),
        "loadBalancers[0].backends[0].name": ({ loadBalancers }, text) => (loadBalancers[0]!.backends[0]!.name = text),
        "loadBalancers[0].backends[0].servers[0].name": ({ loadBalancers }, text) =>
            (loadBalancers[0]!.backends[0]!.servers[0]!.name = text),
        "loadBalancers[0].backends[0].servers[0].address": ({ loadBalancers }, text) =>
            (loadBalancers[0]!.backends[0]!.servers[0]!.address = text),
        "etcd.members[0].name": ({ etcd }, text) => (etcd.members[0]!.name = text),
        "etcd.members[0].clientUrl": ({ etcd }, text) => (etcd.members[0]!.clientUrl = text),
        "etcd.members[0].peerUrl": ({ etcd }, text) => (etcd.members[0]!.peerUrl = text),
        "network.pods": ({ network }, text) => (network.pods = text),
        "network.services": ({ network }, text) => (network.services = text),
        "network.domain": ({ network }, text) => (network.domain = text),
        caHash: (inventory, text) => (inventory.caHash = text),
    };
    function full() {
        const hostKey = sample().hosts[0]!.ssh.hostKey;
        const proxy = { host: "bastion.example", port: 22, user: "jump", hostKey };
        return structuredClone({ ...sample(), proxy });
    }
    const at = (inventory: object, path: string) =>
        path.split(/[.[\]]+/).reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], inventory);

    for (const [path, write] of Object.entries(reaches)) {
        it(`is refused with words for a shell behind ${path} (T12)`, () => {
            const right = full();
            write(right, String(at(right, path) ?? "a"));
            assert.doesNotThrow(() => parseInventory(right));
            for (const behind of ["; touch /tmp/owned", "$(touch /tmp/owned)", "\ntouch /tmp/owned", "' `id` '"]) {
                const inventory = full();
                write(inventory, `${String(at(inventory, path) ?? "a")}${behind}`);
                // A key's comment may say anything that is printed on its line; it goes nowhere.
                if (path.endsWith("hostKey") && !behind.startsWith("\n")) continue;
                assert.deepEqual(
                    problems(inventory).map((problem) => problem.path),
                    [path],
                    behind,
                );
            }
        });
    }

    it("has no text that is not looked at", () => {
        const texts = (value: unknown, path = ""): string[] => {
            if (typeof value === "string") return [path];
            if (typeof value !== "object" || value === null) return [];
            return Object.entries(value).flatMap(([key, inner]) =>
                texts(inner, Array.isArray(value) ? `${path}[]` : path === "" ? key : `${path}.${key}`),
            );
        };
        const known = [...Object.keys(reaches).map((path) => path.replace(/\[\d+\]/g, "[]"))];
        const choices = /(^|\.)(role|kind|purpose|protocol|mode|topology)$/;
        const others = ["etcd.members[].host", "loadBalancers[].frontends[].backend", "proxy.hostKey"];
        const alike = ["versions.etcd", "versions.containerd"];
        assert.deepEqual(
            [...new Set(texts(full()))].filter(
                (path) => ![...known, ...others, ...alike].includes(path) && !choices.test(path),
            ),
            [],
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
