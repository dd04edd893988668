import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { secret } from "../../lab/engine/protocol/values";
import { commandSuite, urnOf } from "./support/commandSuite";
import { SshHost } from "./support/sshHost";

const type = "remote:Command";
const previous = ["PULUMI_COMMAND_STDOUT", "PULUMI_COMMAND_STDERR"];

describe("command plugin: environment, logging and cancelling of remote commands", () => {
    const suite = commandSuite();
    let host: SshHost;
    let open: SshHost;

    before(async () => {
        host = await suite.host();
        open = await suite.host({ authorizedKey: suite.key.public, acceptEnv: ["QUORATE", ...previous] });
    });

    describe("environment", () => {
        it("sets variables that the server accepts", async () => {
            const { state } = await suite.create(urnOf(type, "env"), {
                connection: suite.connection(open),
                create: "echo $QUORATE",
                environment: { QUORATE: secret("value") },
            });
            assert.equal(state["stdout"], "value");
        });

        it("fails, and does not run the command, when the server refuses a variable", async () => {
            const urn = urnOf(type, "refused");
            const before = host.commands.length;
            const inputs = { connection: suite.connection(host), create: "true", environment: { QUORATE: "v" } };
            await assert.rejects(suite.create(urn, inputs), /could not set environment variable "QUORATE"/);
            assert.equal(host.commands.length, before);
            assert.match(suite.engine.messages(urn).join(), /AcceptEnv/);
        });
    });

    describe("output of the previous step", () => {
        const steps = async (name: string, on: SshHost, extra = {}) => {
            const urn = urnOf(type, name);
            const connection = suite.connection(on);
            const inputs = { connection, create: "echo before; echo trouble >&2", ...extra };
            const { state, inputs: olds } = await suite.create(urn, inputs);
            const update = "echo got $PULUMI_COMMAND_STDOUT $PULUMI_COMMAND_STDERR";
            return suite.plugin.update(urn, state, olds, await suite.checked(urn, { ...inputs, update }));
        };

        it("is given to the next one", async () => {
            assert.equal((await steps("previous", open))["stdout"], "got before trouble");
        });

        it("is a warning only where the server refuses it", async () => {
            assert.equal((await steps("warned", host))["stdout"], "got");
            assert.match(suite.engine.messages(urnOf(type, "warned")).join(), /Unable to set 'PULUMI_COMMAND_STDOUT'/);
        });

        it("is not given when the user says so", async () => {
            assert.equal((await steps("optout", open, { addPreviousOutputInEnv: false }))["stdout"], "got");
            assert.doesNotMatch(suite.engine.messages(urnOf(type, "optout")).join(), /Unable/);
        });
    });

    describe("logging", () => {
        const logged = async (name: string, logging?: string) => {
            const urn = urnOf(type, name);
            const create = "echo out; sleep 0.1; echo err >&2";
            await suite.create(urn, { connection: suite.connection(host), create, ...(logging ? { logging } : {}) });
            return suite.engine.messages(urn);
        };

        it("sends both streams by default", async () => {
            assert.deepEqual(await logged("logDefault"), ["out", "err"]);
        });
        it("sends both streams", async () => {
            assert.deepEqual(await logged("logBoth", "stdoutAndStderr"), ["out", "err"]);
        });
        it("sends standard output only", async () => {
            assert.deepEqual(await logged("logOut", "stdout"), ["out"]);
        });
        it("sends standard error only", async () => {
            assert.deepEqual(await logged("logErr", "stderr"), ["err"]);
        });
        it("sends nothing", async () => {
            assert.deepEqual(await logged("logNone", "none"), []);
        });

        it("streams the lines while the command runs", async () => {
            const urn = urnOf(type, "stream");
            await suite.create(urn, { connection: suite.connection(host), create: "echo first; sleep 1; echo last" });
            const [first, last] = suite.engine.lines.filter((line) => line.urn === urn);
            assert.ok(first !== undefined && last !== undefined);
            assert.ok(last.at - first.at > 500, `lines came ${last.at - first.at} ms apart`);
            assert.ok(first.ephemeral);
        });

        const longLine = "head -c 70000 /dev/zero | tr '\\0' a";

        it("passes lines of any length when they are not logged", async () => {
            const inputs = { connection: suite.connection(host), create: longLine, logging: "stderr" };
            const { state } = await suite.create(urnOf(type, "longNone"), inputs);
            assert.equal(String(state["stdout"]).length, 70_000);
        });

        it("fails for a logged line of more than 64 KiB", async function () {
            // The real plugin hangs: it stops reading what the command prints.
            if (process.env["QUORATE_COMMAND_PLUGIN"]) this.skip();
            const create = suite.create(urnOf(type, "longLine"), {
                connection: suite.connection(host),
                create: longLine,
            });
            await assert.rejects(create, /70000 bytes .* set logging to none/);
        });

        it("is refused for another value", async function () {
            // The real plugin takes any text here and then logs nothing.
            if (process.env["QUORATE_COMMAND_PLUGIN"]) this.skip();
            const { failures } = await suite.plugin.check(urnOf(type, "badlog"), {
                connection: suite.connection(host),
                logging: "all",
            });
            assert.match(JSON.stringify(failures), /stdoutAndStderr/);
        });
    });

    describe("cancelling", () => {
        const until = async (condition: () => boolean): Promise<void> => {
            for (const deadline = Date.now() + 5_000; !condition(); await wait(20)) {
                assert.ok(Date.now() < deadline, "condition not met within 5 s");
            }
        };

        it("ends the commands under way on the host", async function () {
            // The real plugin waits for remote commands to end by themselves.
            if (process.env["QUORATE_COMMAND_PLUGIN"]) this.skip();
            const plugin = await suite.startPlugin();
            const other = await suite.host();
            const urn = urnOf(type, "cancel");
            const inputs = await suite.checked(urn, { connection: suite.connection(other), create: "sleep 30" });
            const creating = assert.rejects(plugin.create(urn, inputs), /cancelled/);
            await until(() => other.running === 1);
            await plugin.cancel();
            await creating;
            await until(() => other.running === 0);
            await plugin.stop();
        });

        it("stops dialling", async () => {
            const plugin = await suite.startPlugin();
            const dead = await suite.host({ refuseFirst: 1000 });
            const urn = urnOf(type, "cancelDial");
            const connection = suite.connection(dead, { dialErrorLimit: -1 });
            const inputs = await suite.checked(urn, { connection, create: "true" });
            const creating = assert.rejects(plugin.create(urn, inputs));
            await until(() => dead.dials > 2);
            await plugin.cancel();
            await creating;
            await plugin.stop();
        });

        it("ends a command whose own timeout is over", async function () {
            if (process.env["QUORATE_COMMAND_PLUGIN"]) this.skip();
            const urn = urnOf(type, "timeout");
            const inputs = await suite.checked(urn, { connection: suite.connection(host), create: "sleep 30" });
            await assert.rejects(suite.plugin.create(urn, inputs, { timeout: 1 }), /timeout of 1 s/);
        });

        it("the plugin ends when the engine is gone", async () => {
            const plugin = await suite.startPlugin();
            const ended = new Promise((resolve) => plugin.process.once("exit", resolve));
            if (process.env["QUORATE_COMMAND_PLUGIN"]) return plugin.stop(); // It asks the engine every 5 minutes only.
            plugin.process.stdin?.end();
            await ended;
        });

        it("leaves no connection open behind a command", async function () {
            // The real plugin keeps one connection for each command until it ends.
            if (process.env["QUORATE_COMMAND_PLUGIN"]) this.skip();
            const fresh = await suite.host();
            await suite.create(urnOf(type, "closing"), { connection: suite.connection(fresh), create: "true" });
            await until(() => fresh.open === 0);
        });
    });
});
