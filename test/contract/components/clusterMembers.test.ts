import assert from "node:assert/strict";
import type { ClusterConfigInput } from "../../../model/clusterConfig";
import { readInput } from "../../../steps/remoteCommand";
import { hostInput } from "../../unit/model/sampleConfig";
import { IDENTITY, RECORDED, REMOTE, record, settledCluster, usual } from "./support/recordedCluster";
import { type RecordedProgram, plain } from "./support/recordedProgram";

const later = (joining: readonly string[], change?: (input: ClusterConfigInput) => void) =>
    record(change, { joining, recorded: RECORDED });
const stdin = (program: RecordedProgram, name: string) =>
    readInput(plain(program.get(name).inputs["stdin"]))?.stdin ?? "";

/** Steps on hosts that the engine would run again: what they are told to ignore stays as it was. */
function again(before: RecordedProgram, after: RecordedProgram): readonly string[] {
    const changed = ({
        name,
        inputs,
        options,
    }: {
        name: string;
        inputs: object;
        options: { ignoreChanges?: string[] };
    }) => {
        const old = before.get(name).inputs;
        return Object.entries(inputs).some(
            ([key, value]) =>
                !options.ignoreChanges?.includes(key) && JSON.stringify(value) !== JSON.stringify(old[key]),
        );
    };
    return after
        .ofType(REMOTE)
        .filter(({ name }) => before.resources.has(name))
        .filter(changed)
        .map(({ name }) => name)
        .sort();
}

const TOKENS = ["sample-join-token", "sample-withdraw-tokens"];

describe("a second up", () => {
    it("changes nothing when the first has ended", async () => {
        assert.deepEqual(again((await usual()).program, (await settledCluster()).program), []);
    });

    it("changes nothing when another control plane asks for tokens from now on, and nobody joins", async () => {
        const moved = await later([], (input) => {
            input.hosts = input.hosts.filter(({ name }) => name !== "cp1");
            input.hosts.push(hostInput("control-plane", "cp4", 24));
        });
        for (const name of TOKENS) assert.ok(!again((await usual()).program, moved.program).includes(name), name);
    });

    it("makes a new token when the first has failed, however long ago", async () => {
        const retried = (await record()).program;
        assert.deepEqual(again((await usual()).program, retried), TOKENS);
        assert.deepEqual(retried.get("w1-joined").options.ignoreChanges ?? [], []);
    });

    it("makes a token for a worker that is new or installed anew, and runs no join again but its own", async () => {
        const { program } = await later(["w2"]);
        for (const name of TOKENS) assert.ok(again((await settledCluster()).program, program).includes(name), name);
        assert.deepEqual(program.get("w2-joined").options.ignoreChanges ?? [], []);
        for (const name of ["w1-joined", "w3-joined", "cp1-identity"]) {
            assert.deepEqual(program.get(name).options.ignoreChanges, ["stdin"], name);
        }
    });

    it("gives a node that was installed anew its labels and taints, and verifies the whole again", async () => {
        const anew = (name: string) => (input: ClusterConfigInput) => {
            for (const host of input.hosts) if (host.name === name) host.hostKey = `ssh-ed25519 ${"B".repeat(68)}`;
        };
        const { program } = await later(["cp2"], anew("cp2"));
        const run = again((await settledCluster()).program, program);
        for (const name of ["sample-control-plane-pki", "sample-nodes", "sample-verify"])
            assert.ok(run.includes(name), name);
        assert.ok(run.filter((name) => name.startsWith("cp2-")).length >= 7, run.join());
        assert.deepEqual(
            run.filter((name) => /^(cp1|cp3|w\d)-/.test(name)),
            [],
        );
    });

    it("makes no token when only control planes join, which make their own", async () => {
        const { program } = await later(["cp2"]);
        assert.deepEqual(again((await usual()).program, program), ["cp2-identity"]);
    });
});

describe("the identity of a cluster", () => {
    it("is handed to founders with the members that found it", async () => {
        assert.equal(
            stdin((await usual()).program, "cp2-identity"),
            `founding cp1=x\netcd-token quorate-x\nidentity ${IDENTITY}\n`,
        );
    });

    it("is handed to founders though an up --target has recorded the cluster, without its CA", async () => {
        const { program } = await record(undefined, { recorded: { ...RECORDED, caHash: "" } });
        assert.equal(stdin(program, "cp2-identity"), `founding cp1=x\netcd-token quorate-x\nidentity ${IDENTITY}\n`);
    });

    it("founds no member again once the cluster is recorded: a host without its data would be another one", async () => {
        const { program } = await later(["cp2"]);
        assert.equal(stdin(program, "cp2-identity"), `founding none\netcd-token none\nidentity ${IDENTITY}\n`);
    });
});

describe("the turns of control planes", () => {
    const grow = (input: ClusterConfigInput) => {
        input.hosts.unshift(hostInput("control-plane", "cp4", 24));
        input.hosts.push(hostInput("control-plane", "cp5", 25));
    };

    it("begin with those that join, one after the other", async () => {
        const { program } = await later(["cp4", "cp5"], grow);
        const order = ["cp4", "cp5", "cp1", "cp2", "cp3"].map((name) => `${name}-member`);
        for (const [index, name] of order.slice(1).entries()) {
            assert.ok(program.inTurn(order[index] ?? "", name), `${name} did not wait for ${order[index]}`);
        }
    });

    it("are in the order of the hosts in a new cluster", async () => {
        const { program } = await record(grow);
        assert.ok(program.inTurn("cp4-member", "cp1-member"));
        assert.ok(program.inTurn("cp3-member", "cp5-member"));
    });
});
