import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PropertyMap, isSecret, plain, secret } from "../../lab/engine/protocol/values";
import { commandSuite, urnOf } from "./support/commandSuite";
import { SshHostOptions, newKeyPair } from "./support/sshHost";

const type = "remote:Command";

describe("command plugin: connections", () => {
    const suite = commandSuite();

    const run = async (name: string, connection: PropertyMap) =>
        (await suite.create(urnOf(type, name), { connection, create: "echo ok" })).state["stdout"];

    describe("check", () => {
        it("marks the connection secret and fills in the defaults", async () => {
            const { inputs } = await suite.plugin.check(urnOf(type, "defaults"), { connection: { host: "h" } });
            assert.ok(isSecret(inputs["connection"]));
            const connection = plain(inputs["connection"]) as PropertyMap;
            assert.deepEqual(connection, { host: "h", port: 22, user: "root", dialErrorLimit: 10, perDialTimeout: 15 });
        });

        it("names an unknown property and shows no value of the connection", async () => {
            const connection = { host: "h", privateKey: "TOP-SECRET-KEY", hostname: "VALUE" };
            const { failures } = await suite.plugin.check(urnOf(type, "stray"), { connection });
            assert.equal(failures.length, 1);
            assert.match(failures[0]?.reason ?? "", /hostname/);
            assert.doesNotMatch(JSON.stringify(failures), /TOP-SECRET-KEY|VALUE/);
        });

        it("refuses a connection without a host", async () => {
            const { failures } = await suite.plugin.check(urnOf(type, "nohost"), { connection: { user: "u" } });
            assert.match(JSON.stringify(failures), /host/);
        });

        it("refuses a missing connection and a value of the wrong type", async () => {
            const missing = await suite.plugin.check(urnOf(type, "missing"), { create: "true" });
            assert.match(JSON.stringify(missing.failures), /connection/);
            const mistyped = await suite.plugin.check(urnOf(type, "mistyped"), {
                connection: { host: "h" },
                create: 1,
            });
            assert.match(JSON.stringify(mistyped.failures), /create/);
        });
    });

    describe("authentication", () => {
        const cases: { name: string; host: () => SshHostOptions; connection: PropertyMap }[] = [
            { name: "private key", host: () => ({ authorizedKey: suite.key.public }), connection: {} },
            { name: "password", host: () => ({ password: "p" }), connection: { password: "p", privateKey: null } },
            {
                name: "password asked for as a dialogue",
                host: () => ({ password: "p", keyboardInteractive: true }),
                connection: { password: "p", privateKey: null },
            },
            {
                name: "password after a private key that is not accepted",
                host: () => ({ password: "p" }),
                connection: { password: "p" },
            },
        ];
        for (const { name, host, connection } of cases) {
            it(`works by ${name}`, async () => {
                const reached = await suite.host(host());
                assert.equal(await run("auth", suite.connection(reached, connection)), "ok");
            });
        }

        it("works by a private key with a passphrase, and not with a wrong one", async () => {
            const key = newKeyPair("phrase");
            const host = await suite.host({ authorizedKey: key.public });
            const with_ = (privateKeyPassword: string) =>
                suite.connection(host, { privateKey: key.private, privateKeyPassword, dialErrorLimit: 0 });
            assert.equal(await run("phrase", with_("phrase")), "ok");
            await assert.rejects(run("wrongphrase", with_("other")));
        });

        it("fails for a key that is not accepted, and shows no part of it", async () => {
            const host = await suite.host({ authorizedKey: newKeyPair().public });
            await assert.rejects(run("denied", suite.connection(host, { dialErrorLimit: 1 })), (error: Error) => {
                assert.match(error.message, /after 1 failed attempts: .*authenticat/);
                assert.ok(!error.message.includes(suite.key.private.split("\n")[1] ?? "none"));
                return true;
            });
        });

        it("fails at once, without dialling, for a key that cannot be read", async () => {
            const host = await suite.host();
            await assert.rejects(
                run("unreadable", suite.connection(host, { privateKey: "GARBAGE" })),
                (error: Error) => {
                    assert.ok(!error.message.includes("GARBAGE"));
                    return true;
                },
            );
            assert.equal(host.dials, 0);
        });

        it("fails at once for an agent that is not there", async () => {
            const host = await suite.host();
            const folder = mkdtempSync(join(tmpdir(), "agent-"));
            const connection = suite.connection(host, { agentSocketPath: join(folder, "none") });
            await assert.rejects(run("agent", connection), /no such file|ENOENT/);
            rmSync(folder, { recursive: true });
        });
    });

    describe("host key", () => {
        it("accepts the pinned key, with and without a comment", async () => {
            const host = await suite.host();
            const hostKey = host.hostKey.public;
            assert.equal(await run("pinned", suite.connection(host, { hostKey })), "ok");
            assert.equal(await run("comment", suite.connection(host, { hostKey: `${hostKey.trim()} root@cp1` })), "ok");
        });

        it("refuses another key and runs nothing", async () => {
            const host = await suite.host();
            const connection = suite.connection(host, { hostKey: newKeyPair().public, dialErrorLimit: 1 });
            await assert.rejects(run("mismatch", connection), /host key/i);
            assert.deepEqual(host.commands, []);
        });

        it("refuses a line that is no key at once", async () => {
            const host = await suite.host();
            await assert.rejects(run("nokey", suite.connection(host, { hostKey: "nonsense" })), /parse host key/);
            assert.equal(host.dials, 0);
        });
    });

    describe("dialling", () => {
        it("tries again until the host answers and tells of it while it waits", async () => {
            const host = await suite.host({ authorizedKey: suite.key.public, refuseFirst: 3 });
            assert.equal(await run("late", suite.connection(host)), "ok");
            assert.equal(host.dials, 4);
            const lines = suite.engine.lines.filter(({ urn }) => urn === urnOf(type, "late"));
            assert.deepEqual(
                lines.map(({ message }) => message),
                ["Dial 1/10 failed: retrying", "Dial 2/10 failed: retrying", "Dial 3/10 failed: retrying", "ok"],
            );
            assert.ok(lines.every(({ ephemeral }) => ephemeral));
        });

        it("gives up after the limit", async () => {
            const host = await suite.host({ refuseFirst: 100 });
            await assert.rejects(
                run("limit", suite.connection(host, { dialErrorLimit: 2 })),
                /after 2 failed attempts: /,
            );
            assert.equal(host.dials, 3);
        });

        it("bounds a host that accepts nothing", async function () {
            this.timeout(20_000);
            // TEST-NET-1 is routed nowhere; a loopback port without a listener answers at once.
            await assert.rejects(
                run("closed", { host: "127.0.0.1", port: 1, user: "u", password: "p", dialErrorLimit: 0 }),
                /after 0 failed attempts: .*(refused|ECONNREFUSED)/,
            );
        });
    });

    describe("proxy", () => {
        it("reaches a host through another", async () => {
            const [bastion, host] = [await suite.host(), await suite.host()];
            const connection = suite.connection(host, {
                hostKey: host.hostKey.public,
                proxy: suite.connection(bastion, { hostKey: bastion.hostKey.public }),
            });
            assert.equal(await run("proxied", connection), "ok");
            assert.equal(bastion.logins.length, 1);
            assert.equal(host.logins.length, 1);
        });

        it("pins the proxy's key as well", async () => {
            const [bastion, host] = [await suite.host(), await suite.host()];
            const proxy = suite.connection(bastion, { hostKey: newKeyPair().public, dialErrorLimit: 0 });
            await assert.rejects(run("badproxy", suite.connection(host, { proxy })), /proxy: .*host key/i);
            assert.equal(host.dials, 0);
        });

        it("keeps the proxy's secrets in the secret connection", async () => {
            const proxy = { host: "b", privateKey: "k" };
            const { inputs } = await suite.plugin.check(urnOf(type, "secretproxy"), {
                connection: secret({ host: "h", proxy }),
            });
            assert.ok(isSecret(inputs["connection"]));
            const { user, port } = (plain(inputs["connection"]) as { proxy: PropertyMap }).proxy;
            assert.deepEqual([user, port], ["root", 22]);
        });
    });
});
