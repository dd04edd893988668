import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
    type Connection,
    REMOTE,
    behindBastion,
    connections,
    forAdmin,
    record,
    usual,
} from "./support/recordedCluster";
import { plain } from "./support/recordedProgram";

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
