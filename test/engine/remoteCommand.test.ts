import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PropertyMap, isSecret, isUnknown, plain, secret, unknown } from "../../lab/engine/protocol/values";
import { answerOf, remoteCommand, remoteInput } from "../../steps/remoteCommand";
import { commandSuite, urnOf } from "./support/commandSuite";
import { SshHost } from "./support/sshHost";

const type = "remote:Command";

describe("command plugin: remote.Command", () => {
    const suite = commandSuite();
    let host: SshHost;
    let connection: PropertyMap;

    before(async () => {
        host = await suite.host();
        connection = suite.connection(host);
    });

    describe("create", () => {
        it("runs the command and keeps its output without the last newline", async () => {
            const urn = urnOf(type, "output");
            const { id, state } = await suite.create(urn, { connection, create: "echo one; echo two; echo err >&2" });
            assert.match(id, /^output[0-9a-f]{8}$/);
            assert.equal(state["stdout"], "one\ntwo");
            assert.equal(state["stderr"], "err");
        });

        it("keeps output in which only the last newline is dropped", async () => {
            const { state } = await suite.create(urnOf(type, "blank"), { connection, create: "printf 'a\\n\\n'" });
            assert.equal(state["stdout"], "a\n");
        });

        it("passes long scripts and long standard input unharmed", async () => {
            const long = "x".repeat(300_000);
            const script = `# ${"y".repeat(25_000)}\nwc -c`;
            const { state } = await suite.create(urnOf(type, "long"), { connection, create: script, stdin: long });
            assert.equal(String(state["stdout"]).trim(), "300000");
        });

        it("passes a secret standard input in clear to the command and keeps it secret in the state", async () => {
            const urn = urnOf(type, "stdin");
            const { state, inputs } = await suite.create(urn, { connection, create: "cat", stdin: secret("hush") });
            assert.equal(plain(state["stdout"]), "hush");
            assert.ok(isSecret(state["stdin"]));
            assert.ok(isSecret(inputs["stdin"]));
        });

        it("closes standard input when there is none", async () => {
            const { state } = await suite.create(urnOf(type, "eof"), { connection, create: "cat; echo end" });
            assert.equal(state["stdout"], "end");
        });

        it("does nothing without a create command", async () => {
            const before = host.commands.length;
            const { state } = await suite.create(urnOf(type, "nothing"), { connection });
            assert.equal(state["stdout"], "");
            assert.equal(host.commands.length, before);
        });

        it("fails with status, command and the whole output", async () => {
            const create = suite.create(urnOf(type, "fail"), { connection, create: "echo out; echo err >&2; exit 7" });
            await assert.rejects(create, (error: Error) => {
                assert.match(
                    error.message,
                    /Process exited with status 7: running "echo out; echo err >&2; exit 7":\n/,
                );
                assert.match(error.message, /out/);
                assert.match(error.message, /err/);
                return true;
            });
        });

        it("fails when a signal ends the command", async () => {
            const create = suite.create(urnOf(type, "signal"), { connection, create: "kill -TERM $$" });
            await assert.rejects(create, /Process exited with status \d+ from signal TERM/);
        });

        it("runs many commands at the same time", async () => {
            const started = Date.now();
            const names = Array.from({ length: 12 }, (_, i) => `parallel${i}`);
            await Promise.all(
                names.map((name) => suite.create(urnOf(type, name), { connection, create: "sleep 0.5" })),
            );
            assert.ok(Date.now() - started < 5_000, `took ${Date.now() - started} ms`);
        });
    });

    describe("a step of quorate's (H15)", () => {
        it("arrives whole, longer than an argument may be, with its secret behind it, and answers between marks", async () => {
            const script = `text='${"label ".repeat(50_000)}'; cat; echo "\${#text}"`;
            const stdin = remoteInput(script, "hush\n");
            const inputs = { connection, create: remoteCommand("root"), stdin: secret(stdin) };
            const { state } = await suite.create(urnOf(type, "step"), inputs);
            assert.equal(answerOf(String(plain(state["stdout"]))), "hush\n300000\n");
        });

        it("fails with the status of its script", async () => {
            const stdin = remoteInput("echo why >&2; exit 3");
            const create = suite.create(urnOf(type, "bad"), { connection, create: remoteCommand("root"), stdin });
            await assert.rejects(create, /Process exited with status 3[^]*why/);
        });
    });

    describe("preview", () => {
        it("opens no connection and leaves the outputs unknown", async () => {
            const urn = urnOf(type, "preview");
            const inputs = await suite.checked(urn, { connection, create: "echo no" });
            const dials = host.dials;
            const { state } = await suite.plugin.create(urn, inputs, { preview: true });
            assert.ok(isUnknown(plain(state["stdout"])));
            assert.ok(isUnknown(plain(state["stderr"])));
            assert.equal(state["create"], "echo no");
            assert.equal(host.dials, dials);
        });

        it("accepts unknown inputs, also inside the connection", async () => {
            const urn = urnOf(type, "unknowns");
            const inputs = await suite.checked(urn, { connection: { ...connection, host: unknown }, create: unknown });
            const { state } = await suite.plugin.create(urn, inputs, { preview: true });
            assert.ok(isUnknown(plain(state["create"])));
        });

        it("of an update with a changed input leaves the outputs unknown", async () => {
            const urn = urnOf(type, "previewUpdate");
            const { state, inputs } = await suite.create(urn, { connection, create: "echo 1" });
            const news = await suite.checked(urn, { connection, create: "echo 2" });
            const commands = host.commands.length;
            const preview = await suite.plugin.update(urn, state, inputs, news, { preview: true });
            assert.ok(isUnknown(plain(preview["stdout"])));
            assert.equal(host.commands.length, commands);
        });
    });

    describe("diff", () => {
        const urn = urnOf(type, "diff");
        const difference = async (olds: PropertyMap, news: PropertyMap) => {
            const oldInputs = await suite.checked(urn, { connection, create: "true", ...olds });
            const newInputs = await suite.checked(urn, { connection, create: "true", ...news });
            return suite.plugin.diff(urn, { ...oldInputs, stdout: "", stderr: "" }, oldInputs, newInputs);
        };

        it("finds nothing when nothing changed, whatever is secret, and opens no connection", async () => {
            const dials = host.dials;
            const inputs = { stdin: secret("hush"), triggers: [1, "a", { b: secret(true) }], environment: { A: "b" } };
            const { changes, detailed } = await difference(inputs, inputs);
            assert.equal(changes, false);
            assert.deepEqual(detailed, {});
            assert.equal(host.dials, dials);
        });

        it("names the changed properties so that previews show the texts", async () => {
            const { changes, detailed, replaces } = await difference(
                { create: "old", environment: { A: "1", B: "1" }, delete: "gone" },
                { create: "new", environment: { A: "2", B: "1" }, update: "added" },
            );
            assert.equal(changes, true);
            assert.deepEqual(detailed, {
                create: "update",
                "environment.A": "update",
                delete: "delete",
                update: "add",
            });
            assert.deepEqual(replaces, []);
        });

        it("sees a changed secret", async () => {
            const { detailed } = await difference({ stdin: secret("a") }, { stdin: secret("b") });
            assert.deepEqual(detailed, { stdin: "update" });
        });

        it("sees a changed connection as one change", async () => {
            const { detailed } = await difference({}, { connection: { ...connection, user: "other" } });
            assert.deepEqual(detailed, { connection: "update" });
        });

        it("names the trigger that changed, by which the engine replaces", async () => {
            const { detailed, changes } = await difference({ triggers: ["a", "b"] }, { triggers: ["a", "c"] });
            assert.equal(changes, true);
            assert.deepEqual(detailed, { "triggers[1]": "update" });
        });

        it("replaces when triggers appear", async () => {
            const { detailed, replaces } = await difference({}, { triggers: ["a"] });
            assert.deepEqual(detailed, { triggers: "add" });
            assert.deepEqual(replaces, ["triggers"]);
        });
    });

    describe("update", () => {
        const update = async (name: string, olds: PropertyMap, news: PropertyMap) => {
            const urn = urnOf(type, name);
            const { state, inputs } = await suite.create(urn, { connection, ...olds });
            return suite.plugin.update(urn, state, inputs, await suite.checked(urn, { connection, ...news }));
        };

        it("runs the update command", async () => {
            const state = await update("update", { create: "echo c" }, { create: "echo c", update: "echo u" });
            assert.equal(state["stdout"], "u");
        });

        it("runs create again when there is no update command", async () => {
            const state = await update("recreate", { create: "echo 1" }, { create: "echo 2" });
            assert.equal(state["stdout"], "2");
        });

        it("keeps the outputs when there is nothing to run", async () => {
            const state = await update("keep", { create: "echo 1" }, { delete: "true" });
            assert.equal(state["stdout"], "1");
        });

        it("keeps what ignoreChanges names as it was", async () => {
            const urn = urnOf(type, "ignore");
            const { state, inputs } = await suite.create(urn, { connection, create: "cat", stdin: "old" });
            const news = await suite.checked(urn, { connection, create: "cat; echo", stdin: "new" });
            const updated = await suite.plugin.update(urn, state, inputs, news, { ignore: ["stdin"] });
            assert.equal(updated["stdout"], "old");
            assert.equal(updated["stdin"], "old");
        });
    });

    describe("delete", () => {
        it("runs the delete command with the properties of the state", async () => {
            const file = join(suite.directory, "deleted");
            const urn = urnOf(type, "delete");
            const { state, inputs } = await suite.create(urn, {
                connection,
                create: "true",
                delete: `cat > ${file}`,
                stdin: secret("as created"),
            });
            await suite.plugin.delete(urn, state, inputs);
            assert.ok(existsSync(file));
        });

        it("without a delete command opens no connection, so that a host that is gone does not matter", async () => {
            const gone = { ...connection, port: 1 };
            await suite.plugin.delete(urnOf(type, "gone"), { connection: secret(gone), stdout: "", stderr: "" });
        });
    });

    it("read returns the resource as it is recorded", async () => {
        const urn = urnOf(type, "read");
        const { id, state, inputs } = await suite.create(urn, { connection, create: "echo r" });
        const commands = host.commands.length;
        const read = await suite.plugin.read(urn, id, state, inputs);
        assert.equal(read.id, id);
        assert.deepEqual(read.state, state);
        assert.deepEqual(read.inputs, inputs);
        assert.equal(host.commands.length, commands);
    });

    it("says the version that the npm package pins", async () => {
        assert.equal(await suite.plugin.version(), "1.2.1");
    });
});
