import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { answer, hostCommand } from "../../../components/command/hostCommand";
import { hostsWithRole } from "../../../model/clusterConfig";
import { readInput, remoteCommand } from "../../../steps/remoteCommand";
import { configWith } from "../../unit/model/sampleConfig";
import {
    type Connection,
    REMOTE,
    behindBastion,
    connections,
    forAdmin,
    record,
    usual,
} from "./support/recordedCluster";
import { RecordedProgram, plain, settled } from "./support/recordedProgram";

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
        assert.ok(attempts("w1-accept") > attempts("w1-joined"));
        for (const { dialErrorLimit, perDialTimeout } of connections(program)) {
            assert.ok(dialErrorLimit > 0 && perDialTimeout > 0);
        }
    });

    it("leave signing to the agent when there is no key", async () => {
        const { program } = await record(undefined, { agent: true });
        for (const connection of connections(program)) assert.ok(!("privateKey" in connection));
    });
});

/** Tokens are another step in each run. */
const withoutRun = (text: string) => text.replace(/^run=.*$/m, "run=");

describe("steps", () => {
    it("are one and the same command for all hosts, and their scripts its input (H15)", async () => {
        for (const { program } of [await usual(), await forAdmin()]) {
            const steps = program.ofType(REMOTE);
            assert.equal(new Set(steps.map(({ inputs }) => inputs["create"])).size, 1);
            for (const { inputs, name } of steps) assert.ok(readInput(plain(inputs["stdin"])), name);
        }
    });

    it("are the same for a user who is not root, who becomes root without a password", async () => {
        const [root, admin] = [await usual(), await forAdmin()];
        for (const { name, inputs } of admin.program.ofType(REMOTE)) {
            assert.equal(inputs["create"], remoteCommand("admin"));
            const asRoot = plain<string>(root.program.get(name).inputs["stdin"]);
            assert.equal(withoutRun(plain(inputs["stdin"])), withoutRun(asRoot), name);
        }
        for (const { user } of connections(admin.program)) assert.equal(user, "admin");
    });

    for (const [what, stdout, message] of [
        ["another command that sshd forces", "Hello\n", /cp1-test: succeeded without an answer, 6 characters/],
        ["a step of which only the beginning came", "\nquorate:answer\nsha256:", /earlier version of quorate/],
    ] as const) {
        it(`have no answer after ${what}`, async () => {
            const asked = await askedAfter({ stdout });
            await assert.rejects(settled(asked), message);
        });
    }

    it("have an empty answer when they were left out", async () => {
        assert.equal(await settled(await askedAfter({ stdout: undefined })), "");
    });
});

/** The answer of one step whose host has said something. */
async function askedAfter(said: object): Promise<pulumi.Output<string>> {
    const config = configWith();
    let asked: pulumi.Output<string> | undefined;
    await RecordedProgram.of(
        (options) => {
            const [host] = hostsWithRole(config, "control-plane");
            assert.ok(host);
            const script = { step: "test", body: "true" };
            asked = answer(
                hostCommand("cp1-test", { host, access: { cluster: config.name, ssh: config.ssh }, script }, options),
            );
        },
        { outputs: { "cp1-test": said } },
    );
    assert.ok(asked);
    return asked;
}
