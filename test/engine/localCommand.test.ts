import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isSecret, isUnknown, plain, secret } from "../../lab/engine/protocol/values";
import { commandSuite, urnOf } from "./support/commandSuite";

const type = "local:Command";

describe("command plugin: local.Command", () => {
    const suite = commandSuite();

    it("runs in the plugin's folder with sh", async () => {
        const { id, state } = await suite.create(urnOf(type, "cwd"), { create: "pwd; echo e >&2" });
        assert.match(id, /^cwd[0-9a-f]{8}$/);
        assert.equal(state["stdout"], realpathSync(suite.directory));
        assert.equal(state["stderr"], "e");
    });

    it("runs in another folder with another interpreter", async () => {
        const dir = join(suite.directory, "sub");
        mkdirSync(dir);
        const interpreter = [process.execPath, "-e"];
        const create = "console.log(process.cwd(), process.env.A, process.env.PATH !== undefined)";
        const { state } = await suite.create(urnOf(type, "node"), {
            dir,
            interpreter,
            create,
            environment: { A: "a" },
        });
        assert.equal(state["stdout"], `${realpathSync(dir)} a true`);
    });

    it("passes a secret standard input and keeps it secret", async () => {
        const { state } = await suite.create(urnOf(type, "stdin"), { create: "cat", stdin: secret("hush") });
        assert.equal(plain(state["stdout"]), "hush");
        assert.ok(isSecret(state["stdin"]));
    });

    it("does not mind a command that leaves its input unread", async () => {
        const stdin = "x".repeat(1_000_000);
        const { state } = await suite.create(urnOf(type, "unread"), { create: "echo done", stdin });
        assert.equal(state["stdout"], "done");
    });

    it("fails with status, command and the whole output", async () => {
        const create = suite.create(urnOf(type, "fail"), { create: "echo out; echo err >&2; exit 3" });
        await assert.rejects(create, (error: Error) => {
            assert.match(error.message, /exit status 3: running "echo out; echo err >&2; exit 3":\n/);
            assert.match(error.message, /out\n/);
            assert.match(error.message, /err\n/);
            return true;
        });
    });

    it("fails for a folder that does not exist", async () => {
        await assert.rejects(suite.create(urnOf(type, "nodir"), { create: "true", dir: "/does/not/exist" }));
    });

    it("updates, and deletes with what was recorded", async () => {
        const file = join(suite.directory, "deleted");
        const urn = urnOf(type, "life");
        const both = { delete: `cat > ${file}; echo $PULUMI_COMMAND_STDOUT >> ${file}`, stdin: secret("recorded\n") };
        const { state, inputs } = await suite.create(urn, { create: "echo 1", ...both });
        const news = await suite.checked(urn, { create: "echo 1", update: "echo $PULUMI_COMMAND_STDOUT+2", ...both });
        const updated = await suite.plugin.update(urn, state, inputs, news);
        assert.equal(updated["stdout"], "1+2");
        await suite.plugin.delete(urn, updated, news);
        assert.equal(readFileSync(file, "utf8"), "recorded\n1+2\n");
    });

    it("runs nothing in a preview", async () => {
        const file = join(suite.directory, "preview");
        const inputs = await suite.checked(urnOf(type, "preview"), { create: `touch ${file}` });
        const { state } = await suite.plugin.create(urnOf(type, "preview"), inputs, { preview: true });
        assert.ok(isUnknown(plain(state["stdout"])));
        assert.ok(!existsSync(file));
    });

    it("logs as remote commands do", async () => {
        const urn = urnOf(type, "log");
        await suite.create(urn, { create: "echo out; sleep 0.1; echo err >&2", logging: "stderr" });
        assert.deepEqual(suite.engine.messages(urn), ["err"]);
    });

    it("refuses an unknown property by its name", async () => {
        const { failures } = await suite.plugin.check(urnOf(type, "stray"), { create: "true", creat: "x" });
        assert.match(JSON.stringify(failures), /creat/);
    });

    it("ends a command under way, with what it started, when cancelled", async () => {
        const plugin = await suite.startPlugin();
        const file = join(suite.directory, "cancelled");
        const urn = urnOf(type, "cancel");
        const inputs = await suite.checked(urn, { create: `touch ${file}; exec sleep 30` });
        const creating = assert.rejects(plugin.create(urn, inputs));
        while (!existsSync(file)) await wait(20);
        const started = Date.now();
        await plugin.cancel();
        await creating;
        assert.ok(Date.now() - started < 5_000);
        await plugin.stop();
    });
});
