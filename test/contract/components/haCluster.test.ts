import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { HaCluster } from "../../../components/cluster/haCluster";
import { type ClusterConfigInput, hostsWithRole } from "../../../model/clusterConfig";
import { parseInventory } from "../../../model/inventory";
import { configWith, hostInput } from "../../unit/model/sampleConfig";
import { RecordedProgram, isSecret, plain, publicText, settled } from "./support/recordedProgram";

const PRIVATE_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----";
const TOKEN = "abcdef.0123456789abcdef";
const IDENTITY = "H4sIAidentity";
const KUBECONFIG = "client-key-data: a2V5";
const SECRETS = [PRIVATE_KEY, TOKEN, IDENTITY, KUBECONFIG, Buffer.from(KUBECONFIG).toString("base64")];

const REMOTE = "command:remote:Command";
const LOCAL = "command:local:Command";

const outputs = {
    "sample-control-plane-pki": {
        stdout: `founding cp1=x\ntoken ${TOKEN}\nca-hash sha256:0a\nauthority Y2E=\nidentity ${IDENTITY}\n`,
    },
    "sample-control-plane-initialise": { stdout: Buffer.from(KUBECONFIG).toString("base64") },
};

interface Connection {
    readonly host: string;
    readonly user: string;
    readonly hostKey?: string;
    readonly privateKey?: string;
    readonly dialErrorLimit: number;
    readonly perDialTimeout: number;
    readonly proxy?: { readonly host: string; readonly hostKey?: string };
}

async function record(
    change?: (input: ClusterConfigInput) => void,
    options: { preview?: boolean; agent?: boolean } = {},
) {
    const config = configWith(change);
    const [first] = hostsWithRole(config, "control-plane");
    assert.ok(first);
    let cluster: HaCluster | undefined;
    const program = await RecordedProgram.of(
        (recording) => {
            const access = { ssh: config.ssh, ...(!options.agent && { privateKey: pulumi.secret(PRIVATE_KEY) }) };
            cluster = new HaCluster(config.name, { config, access, first }, recording);
        },
        { outputs, preview: options.preview ?? false },
    );
    assert.ok(cluster);
    return { program, cluster };
}

const bastion = (input: ClusterConfigInput) =>
    (input.ssh = { proxy: { host: "bastion.example", hostKey: input.hosts[0]?.hostKey ?? "" } });
const asAdmin = (input: ClusterConfigInput) => (input.ssh = { user: "admin" });

/** A program is recorded when the first test asks for it, and then once. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
    let made: Promise<T> | undefined;
    return () => (made ??= make());
}
const usual = once(() => record());
const behindBastion = once(() => record(bastion));
const forAdmin = once(() => record(asAdmin));

const commands = (program: RecordedProgram) => [...program.ofType(REMOTE), ...program.ofType(LOCAL)];
const connections = (program: RecordedProgram) =>
    program.ofType(REMOTE).map(({ inputs }) => plain<Connection>(inputs["connection"]));

describe("the resources of a cluster", () => {
    let program: RecordedProgram;
    let cluster: HaCluster;
    before(async () => {
        ({ program, cluster } = await usual());
    });

    it("are few: a handful for each host and some for the whole", () => {
        const count = (suffix: string) => [...program.resources.keys()].filter((name) => name.endsWith(suffix)).length;
        assert.deepEqual(
            {
                prepare: count("-prepare"),
                artifacts: count("-artifacts"),
                runtime: count("-runtime"),
                balancers: count("-load-balancer"),
                found: count("-found"),
                member: count("-member"),
                finalize: count("-finalize"),
                join: count("-join"),
                departures: program.ofType(LOCAL).length,
            },
            {
                prepare: 8,
                artifacts: 6,
                runtime: 6,
                balancers: 2,
                found: 3,
                member: 3,
                finalize: 3,
                join: 3,
                departures: 9,
            },
        );
        assert.equal(program.ofType(REMOTE).length, 8 + 6 + 6 + 2 + 3 * 4 + 5);
    });

    it("all belong to the cluster, through components of ours", () => {
        const [whole, ...components] = program.components;
        assert.deepEqual([whole?.type, whole?.name, whole?.parent], ["quorate:index:HaCluster", "sample", undefined]);
        for (const { name, type, parent } of components) {
            assert.ok(parent, name);
            assert.match(type, /^quorate:index:[A-Z]\w+$/);
        }
        for (const { name, parent } of program.resources.values()) assert.ok(parent, name);
        assert.equal(program.get("cp1-found").parent, "sample-control-plane");
        assert.equal(program.get("w1-join").parent, "sample-pool-default");
        assert.equal(program.get("lb1-prepare").parent, "lb1");
        assert.equal(program.get("sample-verify").parent, "sample");
    });

    it("have no delete, environment or previous output on hosts (TRAPS 57 to 59)", () => {
        assert.ok(program.ofType(REMOTE).length > 0);
        for (const { name, inputs } of program.ofType(REMOTE)) {
            for (const forbidden of ["delete", "update", "environment", "triggers"]) {
                assert.ok(!(forbidden in inputs), `${name} has ${forbidden}`);
            }
        }
        for (const { name, inputs } of commands(program)) assert.equal(inputs["addPreviousOutputInEnv"], false, name);
    });

    it("export an inventory that quorate reads, without secrets", async () => {
        assert.equal(await pulumi.isSecret(cluster.inventory), false);
        const inventory = await settled(cluster.inventory);
        assert.equal(parseInventory(inventory).caHash, "sha256:0a");
        for (const secret of SECRETS) assert.ok(!JSON.stringify(inventory).includes(secret));
    });

    it("export the administrator's kubeconfig as a secret", async () => {
        assert.equal(await pulumi.isSecret(cluster.kubeconfig), true);
        assert.equal(await settled(cluster.kubeconfig), KUBECONFIG);
    });

    it("are the same in a preview, when nothing is known yet", async () => {
        const preview = await record(undefined, { preview: true });
        assert.deepEqual([...preview.program.resources.keys()].sort(), [...program.resources.keys()].sort());
        assert.equal(preview.program.components.length, program.components.length);
        assert.equal(await pulumi.isSecret(preview.cluster.inventory), false);
    });
});

describe("the order of a cluster's creation", () => {
    let program: RecordedProgram;
    before(async () => {
        ({ program } = await usual());
    });
    const inTurn = (...names: readonly string[]) => {
        for (const [index, name] of names.slice(1).entries()) {
            assert.ok(program.inTurn(names[index] ?? "", name), `${name} did not wait for ${names[index]}`);
        }
    };
    const together = (...names: readonly string[]) => {
        for (const left of names) {
            for (const right of names)
                if (left !== right) assert.ok(!program.inTurn(left, right), `${right} waited for ${left}`);
        }
    };

    it("prepares all hosts at the same time", () => {
        together(...["lb1", "lb2", "cp1", "cp2", "cp3", "w1", "w2", "w3"].map((name) => `${name}-prepare`));
    });

    it("takes each node from prepared to programs to runtime", () => {
        for (const name of ["cp1", "w3"]) inTurn(`${name}-prepare`, `${name}-artifacts`, `${name}-runtime`);
    });

    it("sets up load balancers one after the other", () => {
        inTurn("lb1-prepare", "lb1-load-balancer", "lb2-load-balancer");
    });

    it("makes the identity first and founds all members with it at the same time", () => {
        inTurn("cp1-runtime", "sample-control-plane-pki", "cp2-found");
        together("cp1-found", "cp2-found", "cp3-found");
    });

    it("changes one member at a time", () => {
        inTurn("cp1-found", "cp1-member", "cp2-member", "cp3-member");
        inTurn("cp3-found", "cp3-member");
    });

    it("writes into the cluster once, when members and balancers are there", () => {
        for (const name of ["cp1-found", "cp2-found", "cp3-found", "lb1-load-balancer", "lb2-load-balancer"]) {
            inTurn(name, "sample-control-plane-initialise");
        }
    });

    it("joins workers when the cluster is formed, all at the same time", () => {
        for (const name of ["w1", "w2", "w3"]) inTurn("sample-control-plane-initialise", `${name}-join`);
        together("w1-join", "w2-join", "w3-join");
    });

    it("ends with labels and a verification of the whole", () => {
        inTurn("w3-join", "sample-nodes", "sample-verify");
        inTurn("cp3-finalize", "sample-nodes");
        inTurn("sample-control-plane-initialise", "sample-network-addons", "sample-verify");
    });
});

describe("what happens when hosts leave", () => {
    const departure = (program: RecordedProgram, host: string) => program.get(`${host}-departure`);

    /** All that a departure waits for; deletions run the other way round. */
    const waitsFor = (program: RecordedProgram, name: string): readonly string[] => {
        const direct = program.get(name).dependsOn;
        return [...direct, ...direct.flatMap((other) => waitsFor(program, other))];
    };
    const chained = (program: RecordedProgram, names: readonly string[]) => {
        for (const [index, name] of names.slice(1).entries()) {
            assert.ok(
                waitsFor(program, `${name}-departure`).includes(`${names[index]}-departure`),
                `${name} may leave together with ${names[index]}`,
            );
        }
    };

    it("is one request for each host, run here and only then", async () => {
        const { program } = await usual();
        for (const host of ["lb1", "cp1", "w3"]) {
            const { type, inputs } = departure(program, host);
            assert.equal(type, LOCAL);
            assert.match(String(inputs["delete"]), /^node dist\/maintenance\/cli\/main\.js leave$/);
            assert.equal(inputs["create"], undefined);
            const request = JSON.parse(plain<string>(inputs["stdin"])) as Record<string, unknown>;
            assert.equal(request["purpose"], "leave");
            assert.equal((request["host"] as { name: string }).name, host);
            assert.equal((request["controlPlanes"] as object[]).length, 3);
        }
    });

    it("is one control plane after the other", async () => {
        const { program } = await usual();
        chained(program, ["cp1", "cp2", "cp3"]);
    });

    it("is one control plane after the other, wherever other hosts stand between them", async () => {
        const { program } = await record((input) => {
            const [lb1, lb2, cp1, cp2, cp3, w1, w2, w3] = input.hosts;
            assert.ok(lb1 && lb2 && cp1 && cp2 && cp3 && w1 && w2 && w3);
            input.hosts = [cp1, w1, cp2, lb1, w2, cp3, lb2, w3];
        });
        chained(program, ["cp1", "cp2", "cp3"]);
    });

    it("is in parallel for workers", async () => {
        const { program } = await usual();
        for (const host of ["w1", "w2", "w3"]) assert.deepEqual(departure(program, host).dependsOn, []);
    });

    it("is one request for all when the whole cluster goes, in place of the others", async () => {
        const { program } = await usual();
        const whole = program.get("sample-departure");
        const request = JSON.parse(plain<string>(whole.inputs["stdin"])) as { purpose: string; hosts: object[] };
        assert.equal(request.purpose, "destroy");
        assert.equal(request.hosts.length, 8);
        for (const host of ["lb1", "cp2", "w3"]) {
            const { deletedWith } = departure(program, host).options;
            assert.ok(deletedWith, host);
            assert.match(await settled((deletedWith as pulumi.Resource).urn), /::sample-departure$/);
        }
    });

    it("is refused for the identity and the whole cluster until protect is false", async () => {
        const protectedBy = async (protect: boolean) => {
            const { program } = await record((input) => (input.protect = protect));
            return [...program.resources.values()].filter(({ options }) => options.protect).map(({ name }) => name);
        };
        assert.deepEqual((await protectedBy(true)).sort(), ["sample-control-plane-pki", "sample-departure"]);
        assert.deepEqual(await protectedBy(false), []);
    });
});

describe("secrets of a cluster", () => {
    let program: RecordedProgram;
    before(async () => {
        ({ program } = await usual());
    });

    it("stand nowhere in the clear", () => {
        for (const { name, inputs } of program.resources.values()) {
            for (const secret of SECRETS) assert.ok(!publicText(inputs).includes(secret), `${name} shows ${secret}`);
        }
    });

    it("are the connections, and all standard input", () => {
        for (const { name, inputs } of program.ofType(REMOTE)) assert.ok(isSecret(inputs["connection"]), name);
        for (const { name, inputs } of commands(program)) {
            if ("stdin" in inputs) assert.ok(isSecret(inputs["stdin"]), name);
        }
    });

    it("are the outputs of the steps that print them, which are not logged either", () => {
        const secretive = program
            .ofType(REMOTE)
            .filter(({ options }) => options.additionalSecretOutputs?.includes("stdout"))
            .map(({ name }) => name);
        assert.deepEqual(secretive.sort(), ["sample-control-plane-initialise", "sample-control-plane-pki"]);
        for (const { name, inputs } of program.ofType(REMOTE)) {
            assert.equal(inputs["logging"], secretive.includes(name) ? "none" : "stderr", name);
        }
    });

    it("reach control planes whole, and workers without keys", () => {
        const stdin = (name: string) => plain<string>(program.get(name).inputs["stdin"]);
        assert.ok(stdin("cp2-found").includes(IDENTITY));
        assert.ok(stdin("cp3-member").includes(IDENTITY));
        assert.equal(stdin("w1-join"), `token ${TOKEN}\nauthority Y2E=\n`);
    });

    it("that are fresh at every run start no step again", () => {
        for (const { name, inputs, options } of program.ofType(REMOTE)) {
            assert.deepEqual(options.ignoreChanges ?? [], "stdin" in inputs ? ["stdin"] : [], name);
        }
        assert.deepEqual(
            program
                .ofType(REMOTE)
                .filter(({ inputs }) => "stdin" in inputs)
                .map(({ name }) => name)
                .sort(),
            [
                ...["cp1", "cp2", "cp3"].flatMap((name) => [`${name}-found`, `${name}-member`]),
                "sample-control-plane-initialise",
                ...["w1-join", "w2-join", "w3-join"],
            ].sort(),
        );
    });
});

describe("connections to hosts", () => {
    it("pin every host's key (TRAPS 60)", async () => {
        const { program } = await usual();
        assert.ok(connections(program).length > 0);
        for (const { host, hostKey } of connections(program)) assert.match(hostKey ?? "", /^ssh-ed25519 AAAA/, host);
    });

    it("pin the bastion's key as well", async () => {
        const { program } = await behindBastion();
        for (const { proxy } of connections(program)) {
            assert.equal(proxy?.host, "bastion.example");
            assert.match(proxy.hostKey ?? "", /^ssh-ed25519 AAAA/);
        }
    });

    it("have no field that the plugin does not know: it would print them all", async () => {
        const { program } = await behindBastion();
        const known = ["dialErrorLimit", "host", "hostKey", "perDialTimeout", "port", "privateKey", "user"];
        for (const { proxy, ...connection } of connections(program)) {
            assert.deepEqual(Object.keys(connection).sort(), known);
            assert.deepEqual(Object.keys(proxy ?? {}).sort(), known);
        }
    });

    it("wait longest for a host that is still booting, and never for ever (TRAPS 61)", async () => {
        const { program } = await usual();
        const attempts = (name: string) => plain<Connection>(program.get(name).inputs["connection"]).dialErrorLimit;
        assert.ok(attempts("w1-prepare") > attempts("w1-join"));
        for (const { dialErrorLimit, perDialTimeout } of connections(program)) {
            assert.ok(dialErrorLimit > 0 && perDialTimeout > 0);
        }
    });

    it("leave signing to the agent when there is no key", async () => {
        const { program } = await record(undefined, { agent: true });
        for (const connection of connections(program)) assert.ok(!("privateKey" in connection));
    });
});

describe("steps for a user who is not root", () => {
    it("are the same text, handed to sudo", async function () {
        if (process.platform !== "linux") this.skip();
        const [root, admin] = [await usual(), await forAdmin()];
        for (const { name, inputs } of admin.program.ofType(REMOTE)) {
            // A sudo that prints the script it was given.
            const shell = `sudo() { printf %s "$4"; }; exec() { "$@"; }\n${String(inputs["create"])}`;
            const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", shell], { encoding: "utf8" });
            assert.equal(stdout, root.program.get(name).inputs["create"], `${name}: ${stderr}`);
        }
    });

    it("ask no password: there is nobody to type it", async () => {
        const { program } = await forAdmin();
        for (const { inputs } of program.ofType(REMOTE))
            assert.match(String(inputs["create"]), /^exec sudo -n bash -c '/);
        for (const { user } of connections(program)) assert.equal(user, "admin");
    });
});

describe("a changed configuration", () => {
    it("of one balancer's checks touches balancers only", async () => {
        const [before, after] = [
            await usual(),
            await record((input) => (input.endpoint.apiCheck = { interval: "500ms" })),
        ];
        assert.deepEqual(changed(before.program, after.program), ["lb1-load-balancer", "lb2-load-balancer"]);
    });

    it("with one more worker touches no other host but by labels, checks and the token", async () => {
        const [before, after] = [
            await usual(),
            await record((input) => input.hosts.push(hostInput("worker", "w4", 34))),
        ];
        assert.deepEqual(changed(before.program, after.program), [
            "sample-control-plane-pki",
            "sample-nodes",
            "sample-verify",
        ]);
    });

    it("without any change gives the same text again", async () => {
        const [before, after] = [await usual(), await record()];
        assert.deepEqual(changed(before.program, after.program), []);
    });
});

/** Steps on hosts that exist in both and have another text. */
function changed(before: RecordedProgram, after: RecordedProgram): readonly string[] {
    return before
        .ofType(REMOTE)
        .filter(({ name, inputs }) => after.get(name).inputs["create"] !== inputs["create"])
        .map(({ name }) => name)
        .sort();
}
