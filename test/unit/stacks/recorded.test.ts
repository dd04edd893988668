import assert from "node:assert/strict";
import { clusterInventory } from "../../../components/cluster/inventory";
import { ConfigError, type ConfigProblem } from "../../../model/configError";
import type { ClusterConfigInput } from "../../../model/clusterConfig";
import { identityHolder, joiningHosts, refuseUnsafeChanges } from "../../../stacks/recorded";
import { configWith, hostInput } from "../model/sampleConfig";

const recorded = () => clusterInventory(configWith(), "sha256:00");
const without =
    (...names: readonly string[]) =>
    (input: ClusterConfigInput) =>
        (input.hosts = input.hosts.filter((host) => !names.includes(host.name)));

function problems(action: () => void): readonly ConfigProblem[] {
    try {
        action();
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems;
    }
    return [];
}
const refused = (change: (input: ClusterConfigInput) => void) =>
    problems(() => refuseUnsafeChanges(configWith(change), recorded()));

describe("a changed configuration", () => {
    it("is refused when it exchanges Kubernetes everywhere at once, and names quorate upgrade", () => {
        assert.deepEqual(
            refused((input) => (input.versions.kubernetes = "v1.36.4")),
            [
                {
                    path: "versions.kubernetes",
                    message:
                        "the cluster runs v1.36.3, configured is v1.36.4; `pulumi up` would change all nodes at once. " +
                        "Put v1.36.3 back and run: quorate upgrade --to v1.36.4",
                },
            ],
        );
    });

    it("is refused for a downgrade as well", () => {
        assert.equal(refused((input) => (input.versions.kubernetes = "v1.35.8")).length, 1);
    });

    for (const [name, version] of [
        ["etcd", "3.6.9"],
        ["containerd", "2.3.3"],
    ] as const) {
        it(`is refused when it exchanges ${name}`, () => {
            const [problem, ...others] = refused((input) => (input.versions[name] = version));
            assert.deepEqual(others, []);
            assert.equal(problem?.path, `versions.${name}`);
            assert.match(problem?.message ?? "", new RegExp(`run: quorate upgrade --${name} ${version}$`));
        });
    }

    for (const [path, change, message] of [
        ["name", (input) => (input.name = "other"), /^other, but the cluster was made with sample .* put sample back$/],
        ["endpoint.address", (input) => (input.endpoint.address = "10.89.0.9"), /made with 10\.89\.0\.10/],
        ["endpoint.port", (input) => (input.endpoint.port = 8443), /^8443, .*put 6443 back$/],
        ["network.pods", (input) => (input.network.pods = "10.245.0.0/16"), /put 10\.244\.0\.0\/16 back/],
        ["network.services", (input) => (input.network.services = "172.20.0.0/16"), /put 10\.96\.0\.0\/12 back/],
        ["network.domain", (input) => (input.network.domain = "site.local"), /put cluster\.local back/],
        ["network.mode", (input) => (input.network.mode = "vxlan"), /put host-gw back/],
    ] as readonly (readonly [string, (input: ClusterConfigInput) => void, RegExp])[]) {
        it(`is refused when it changes ${path}, which a running cluster cannot follow`, () => {
            const [problem, ...others] = refused(change);
            assert.deepEqual(others, []);
            assert.equal(problem?.path, path);
            assert.match(problem.message, message);
        });
    }

    it("is refused when it gives a known host another address or role", () => {
        const found = refused((input) => {
            input.hosts[5] = hostInput("worker", "w1", 41);
            input.hosts[6] = hostInput("load-balancer", "w2", 32);
        });
        assert.deepEqual(
            found.map(({ path }) => path),
            ["hosts[5].address", "hosts[6].role"],
        );
        assert.match(found[0]?.message ?? "", /w1 is in the cluster with 10\.89\.0\.31; give the host a new name/);
    });

    it("is refused with everything at once", () => {
        const paths = refused((input) => {
            input.name = "other";
            input.versions.kubernetes = "v1.36.4";
            input.versions.etcd = "3.6.9";
        }).map(({ path }) => path);
        assert.deepEqual(paths, ["versions.kubernetes", "versions.etcd", "name"]);
    });

    it("may add hosts, remove hosts and write the same version in another way", () => {
        assert.deepEqual(
            refused((input) => {
                without("w3")(input);
                input.hosts.push(hostInput("worker", "w4", 34));
                input.versions.kubernetes = "1.36.3";
            }),
            [],
        );
    });

    it("is free for a cluster that is not there yet", () => {
        assert.deepEqual(
            problems(() => refuseUnsafeChanges(configWith(), undefined)),
            [],
        );
    });
});

describe("the holder of the cluster's identity", () => {
    it("is the first control plane of a new cluster", () => {
        assert.equal(identityHolder(configWith(), undefined).name, "cp1");
    });

    it("stays with a member when hosts are put in another order", () => {
        const config = configWith((input) =>
            input.hosts.unshift(hostInput("control-plane", "cp0", 20), hostInput("control-plane", "cp9", 29)),
        );
        assert.equal(identityHolder(config, recorded()).name, "cp1");
    });

    it("passes to another member when the first one leaves", () => {
        const config = configWith((input) => {
            without("cp1")(input);
            input.hosts.push(hostInput("control-plane", "cp4", 24));
        });
        assert.equal(identityHolder(config, recorded()).name, "cp2");
    });

    it("is never a host that was no member: it would make another identity", () => {
        const config = configWith((input) => {
            without("cp1", "cp2", "cp3")(input);
            for (const byte of [24, 25, 26]) input.hosts.push(hostInput("control-plane", `cp${byte}`, byte));
        });
        assert.deepEqual(
            problems(() => identityHolder(config, recorded())),
            [
                {
                    path: "hosts",
                    message:
                        "none of the control planes is a member of the cluster (cp1, cp2, cp3); replace them a few at a time, keeping one",
                },
            ],
        );
    });
});

/** The sample whose hosts with these names were installed anew. */
const anew =
    (...names: readonly string[]) =>
    (input: ClusterConfigInput) => {
        for (const host of input.hosts) if (names.includes(host.name)) host.hostKey = `ssh-ed25519 ${"B".repeat(68)}`;
    };

describe("a control plane that was installed anew", () => {
    it("does not hold the identity, another member does", () => {
        assert.equal(identityHolder(configWith(anew("cp1")), recorded()).name, "cp2");
        assert.equal(identityHolder(configWith(anew("cp1", "cp2")), recorded()).name, "cp3");
    });

    it("holds it when all have other keys: then the keys were changed, not the hosts", () => {
        assert.equal(identityHolder(configWith(anew("cp1", "cp2", "cp3")), recorded()).name, "cp1");
    });
});

describe("the hosts that have still to join", () => {
    it("are all nodes of a new cluster", () => {
        assert.deepEqual([...joiningHosts(configWith(), undefined)], ["cp1", "cp2", "cp3", "w1", "w2", "w3"]);
    });

    it("are all nodes as long as the record knows no CA, as after an up --target", () => {
        const none = clusterInventory(configWith(), "");
        assert.deepEqual([...joiningHosts(configWith(), none)], ["cp1", "cp2", "cp3", "w1", "w2", "w3"]);
    });

    it("are none once an up has recorded them", () => {
        assert.deepEqual([...joiningHosts(configWith(), recorded())], []);
    });

    it("are those that are new, and those with another key, whatever comment stands behind it", () => {
        const config = configWith((input) => {
            anew("w1", "cp2")(input);
            input.hosts.push(hostInput("worker", "w4", 34));
            for (const host of input.hosts) host.hostKey += " root@somewhere";
        });
        assert.deepEqual([...joiningHosts(config, recorded())], ["cp2", "w1", "w4"]);
    });
});

describe("the holder of the identity of a cluster that is not there yet", () => {
    it("is any control plane, though an up --target has recorded others", () => {
        const none = clusterInventory(configWith(without("cp1", "cp3")), "");
        const config = configWith(without("cp2", "cp3"));
        assert.equal(identityHolder(config, none).name, "cp1");
    });
});
