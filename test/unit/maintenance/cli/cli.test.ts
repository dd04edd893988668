import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommanderError } from "commander";
import { exitCodeOf, messageOf } from "../../../../maintenance/cli/exitCodes";
import { run } from "../../../../maintenance/cli/main";
import { RemoteError } from "../../../../maintenance/ports/remote";
import { RefusedError } from "../../../../maintenance/workflow/refusedError";
import { ConfigError } from "../../../../model/configError";
import { sampleInventory } from "../../../fakes/sampleCluster";

const KUBECONFIG = JSON.stringify({
    clusters: [{ name: "c", cluster: { server: "https://10.89.0.10:6443", "certificate-authority-data": "QQ==" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user: {} }],
    "current-context": "x",
});

/** Runs a command line in this process. */
async function quorate(args: readonly string[], change: { stdin?: string; environment?: NodeJS.ProcessEnv } = {}) {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
        environment: change.environment ?? {},
        stdout: { write: (text: string) => out.push(text) },
        stderr: { write: (text: string) => err.push(text) },
        readStdin: () => Promise.resolve(change.stdin ?? ""),
        exit: () => undefined,
    };
    return { code: await run(args, io), stdout: out.join(""), stderr: err.join("") };
}

describe("exit statuses", () => {
    for (const [what, error, code] of [
        ["a wrong configuration", new ConfigError("x", [{ path: "a", message: "b" }]), 2],
        ["a wrong option", new CommanderError(1, "commander.unknownOption", "unknown"), 2],
        ["help", new CommanderError(0, "commander.helpDisplayed", ""), 0],
        ["a refusal", new RefusedError("leave cp1", ["no quorum"], "wait"), 4],
        ["a failed command", new RemoteError("cp1", "reset failed", 1), 1],
        ["anything else", new Error("bug"), 1],
    ] as const) {
        it(`${code} for ${what}`, () => assert.equal(exitCodeOf(error), code));
    }

    it("come with a message, once", () => {
        assert.equal(messageOf(new Error("bad")), "quorate: bad");
        assert.equal(messageOf(new CommanderError(1, "x", "printed already")), undefined);
    });
});

describe("the command line", () => {
    let folder: string;
    const file = (name: string, text: string) => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
    };

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "quorate-cli-"));
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    it("prints help without what only the stack runs", async () => {
        const { code, stdout } = await quorate(["--help"]);
        assert.equal(code, 0);
        assert.match(stdout, /status \[options\]/);
        assert.doesNotMatch(stdout, /leave/);
    });

    it("prints the package's version", async () => {
        assert.match((await quorate(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
    });

    for (const [what, args] of [
        ["an unknown command", ["fly"]],
        ["an unknown option", ["status", "--fast"]],
        ["a duration that is none", ["status", "--timeout", "soon"]],
        ["two sources at once", ["status", "--outputs", "a.json", "--stack", "b"]],
    ] as const) {
        it(`refuses ${what} with 2`, async () => {
            const { code, stderr } = await quorate(args);
            assert.equal(code, 2);
            assert.match(stderr, /^error: /);
        });
    }

    it("says what is needed when no cluster is named", async () => {
        const { code, stderr } = await quorate(["status"]);
        assert.equal(code, 2);
        assert.match(stderr, /--outputs or --stack: one is needed/);
    });

    it("names an outputs file that cannot be read", async () => {
        const { code, stderr } = await quorate(["status", "--outputs", join(folder, "none.json")]);
        assert.equal(code, 2);
        assert.match(stderr, /none\.json: .*\n.*cannot be read: ENOENT/);
    });

    it("says how to get a kubeconfig when the outputs hide theirs", async () => {
        const outputs = file("outputs.json", JSON.stringify({ inventory: sampleInventory(), kubeconfig: "[secret]" }));
        const { code, stderr } = await quorate(["status", "--outputs", outputs]);
        assert.equal(code, 2);
        assert.match(stderr, /--kubeconfig: no kubeconfig: the outputs hide theirs; write --kubeconfig FILE/);
    });

    it("says how to get an SSH key when there is no agent", async () => {
        const kubeconfig = file("admin.conf", KUBECONFIG);
        const outputs = file("outputs.json", JSON.stringify({ inventory: sampleInventory() }));
        const { code, stderr } = await quorate(["status", "--outputs", outputs], {
            environment: { KUBECONFIG: kubeconfig },
        });
        assert.equal(code, 2);
        assert.match(stderr, /--identity: no SSH key: no agent is running/);
    });

    it("refuses an identity that is no key, before anything is dialled", async () => {
        const outputs = file("outputs.json", JSON.stringify({ inventory: sampleInventory(), kubeconfig: KUBECONFIG }));
        const { code, stderr } = await quorate(["status", "--outputs", outputs, "--identity", outputs]);
        assert.equal(code, 2);
        assert.match(stderr, /--identity .*outputs\.json: .*write a private key without passphrase/);
    });

    it("refuses a leave request with a broken key, without showing it", async () => {
        const host = {
            name: "w1",
            address: "127.0.0.1",
            role: "worker",
            ssh: { user: "root", port: 22, hostKey: "ssh-ed25519 AAAA" },
        };
        const stdin = JSON.stringify({ purpose: "destroy", hosts: [host], privateKey: "-----BEGIN nonsense" });
        const { code, stderr } = await quorate(["leave"], { stdin });
        assert.equal(code, 2);
        assert.match(stderr, /privateKey: .*; give a private key without passphrase/);
        assert.doesNotMatch(stderr, /nonsense/);
    });

    it("refuses a leave request that is none, with 2", async () => {
        const { code, stderr } = await quorate(["leave"], { stdin: "{}" });
        assert.equal(code, 2);
        assert.match(stderr, /quorate leave, standard input: 1 problem\n {2}purpose: /);
    });

    it("asks for a key when a leave has none", async () => {
        const host = {
            name: "w1",
            address: "127.0.0.1",
            role: "worker",
            ssh: { user: "root", port: 22, hostKey: "ssh-ed25519 AAAA" },
        };
        const { code, stderr } = await quorate(["leave"], {
            stdin: JSON.stringify({ purpose: "destroy", hosts: [host] }),
        });
        assert.equal(code, 2);
        assert.match(stderr, /privateKey: is missing and no SSH agent is running/);
    });
});
