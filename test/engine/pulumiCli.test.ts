import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { pulumiProject } from "./support/pulumiProject";
import { SshHost, newKeyPair } from "./support/sshHost";

const key = newKeyPair();
const keyLine = key.private.split("\n")[1] ?? "";

const program = `
import * as pulumi from "@pulumi/pulumi";
import { local, remote } from "@pulumi/command";

const config = new pulumi.Config();
const connection = {
    host: "127.0.0.1",
    port: config.requireNumber("port"),
    user: "tester",
    privateKey: config.requireSecret("privateKey"),
    hostKey: config.require("hostKey"),
};
const common = { connection, addPreviousOutputInEnv: false };

const first = new remote.Command("first", {
    ...common,
    create: \`cat > /dev/null; echo \${config.get("first") ?? "one"}\`,
    stdin: config.requireSecret("token"),
    delete: "echo first deleted",
});
const second = new remote.Command("second", {
    ...common,
    create: "cat",
    stdin: pulumi.secret(pulumi.interpolate\`kubeadm-\${config.requireSecret("token")}\`),
    logging: "none",
    delete: "echo second deleted",
    triggers: [config.get("trigger") ?? "t"],
}, { additionalSecretOutputs: ["stdout"], dependsOn: first });
new local.Command("third", { create: config.get("third") ?? "true", delete: "cat > /dev/null", stdin: "x" });
if (config.getBoolean("broken")) throw new Error("the program is broken");
const own = new pulumi.StackReference(\`organization/contract/\${pulumi.getStack()}\`);
export const out = first.stdout;
export const joined = second.stdout;
export const before = own.getOutput("out");
`;

const pack = `
import { PolicyPack } from "@pulumi/policy";
new PolicyPack("contract", {
    policies: [
        {
            name: "no-second",
            description: "Nothing is called second.",
            enforcementLevel: "mandatory",
            validateResource: (args, report) => {
                if (args.type === "command:remote:Command" && args.name === "second") report("is called second");
            },
        },
        {
            name: "counted",
            description: "Counts.",
            enforcementLevel: "advisory",
            validateStack: (args, report) => report(\`sees \${args.resources.length} resources\`),
        },
    ],
});
`;

const files = {
    "index.ts": program,
    "policies/PulumiPolicy.yaml": "runtime: nodejs\nversion: 0.0.1\ndescription: contract\n",
    "policies/package.json": JSON.stringify({ name: "contract-policies", version: "0.0.1", main: "index.ts" }),
    "policies/index.ts": pack,
    "policies/tsconfig.json": JSON.stringify({ extends: "../tsconfig.json" }),
};

describe("pulumi command line with the engine's plugins", function () {
    this.timeout(300_000);
    const project = pulumiProject(files);
    let host: SshHost;

    before(async () => {
        host = new SshHost({ authorizedKey: key.public });
        await host.start();
        await project().succeed("config", "set", "port", String(host.port));
        await project().succeed("config", "set", "hostKey", host.hostKey.public.trim());
        await project().succeed("config", "set", "--secret", "token", "--", "s3cr3t-token");
        const set = project().start("config", "set", "--secret", "privateKey", "--", key.private);
        assert.equal((await set.end).code, 0, set.soFar());
    });
    after(() => host?.stop());

    const until = async (condition: () => boolean, what: string, milliseconds = 120_000): Promise<void> => {
        for (const deadline = Date.now() + milliseconds; !condition(); await wait(50)) {
            assert.ok(Date.now() < deadline, `not within ${milliseconds} ms: ${what}`);
        }
    };
    const up = (...args: string[]) => project().succeed("up", "--yes", "--skip-preview", ...args);

    it("previews with unknown outputs and opens no connection", async () => {
        const output = await project().succeed("preview");
        assert.match(output, /\+ 4 to create/);
        assert.equal(host.dials, 0);
    });

    it("up creates everything and shows outputs, secret ones hidden", async () => {
        const output = await up();
        assert.match(output, /out\s*: "one"/);
        assert.match(output, /joined\s*: \[secret\]/);
        assert.doesNotMatch(output, /s3cr3t-token/);
        assert.equal(await project().succeed("stack", "output", "joined", "--show-secrets"), "kubeadm-s3cr3t-token\n");
    });

    it("a second up changes nothing and opens no connection", async () => {
        // The reference to the own stack has its first value now.
        await up();
        const dials = host.dials;
        await up("--expect-no-changes");
        await project().succeed("preview", "--expect-no-changes");
        await project().succeed("preview", "--refresh", "--expect-no-changes");
        assert.equal(host.dials, dials);
    });

    it("reads its own stack's outputs", async () => {
        assert.equal(await project().succeed("stack", "output", "before"), "one\n");
    });

    it("keeps no secret in clear in any state file", () => {
        const state = project().stateFiles();
        assert.match(state, /ciphertext/);
        assert.doesNotMatch(state, /s3cr3t-token/);
        assert.ok(!state.includes(keyLine));
    });

    it("shows a changed script as text and updates that resource only", async () => {
        await project().succeed("config", "set", "first", "two");
        const preview = await project().succeed("preview", "--diff");
        assert.match(preview, /create\s*: "cat > \/dev\/null; echo one" => "cat > \/dev\/null; echo two"/);
        const commands = host.commands.length;
        const output = await up();
        assert.match(output, /~ 1 updated/);
        assert.deepEqual(host.commands.slice(commands), ["cat > /dev/null; echo two"]);
        assert.equal(await project().succeed("stack", "output", "out"), "two\n");
    });

    it("replaces on a changed trigger: creates, then deletes the old one", async () => {
        await project().succeed("config", "set", "trigger", "other");
        const commands = host.commands.length;
        const output = await up();
        assert.match(output, /\+-1 replaced/);
        assert.deepEqual(host.commands.slice(commands), ["cat", "echo second deleted"]);
    });

    it("refresh leaves commands as they are and runs nothing", async () => {
        const commands = host.commands.length;
        const output = await project().succeed("refresh", "--yes", "--skip-preview");
        assert.doesNotMatch(output, /command:\w+:Command \w+ (updated|deleted)/);
        assert.equal(host.commands.length, commands);
    });

    it("fails a preview that breaks a policy", async () => {
        const { code, output } = await project().run("preview", "--policy-pack", "policies");
        assert.notEqual(code, 0);
        assert.match(output, /no-second/);
        assert.match(output, /is called second/);
        assert.match(output, /sees \d+ resources/);
    });

    it("reports a failed command with what it printed, and goes on from there", async () => {
        await project().succeed("config", "set", "third", "echo seen; echo trouble >&2; exit 9");
        const { code, output } = await project().run("up", "--yes", "--skip-preview");
        assert.notEqual(code, 0);
        assert.match(output, /exit status 9: running "echo seen; echo trouble >&2; exit 9"/);
        assert.match(output, /trouble/);
        await project().succeed("config", "set", "third", "true");
        await up();
    });

    it("reports an error of the program once and leaves the resources alone", async () => {
        await project().succeed("config", "set", "broken", "true");
        const { code, output } = await project().run("up", "--yes", "--skip-preview");
        assert.notEqual(code, 0);
        assert.match(output, /the program is broken/);
        assert.doesNotMatch(output, /non-zero exit code/);
        assert.doesNotMatch(output, /deleted/);
        await project().succeed("config", "rm", "broken");
        await up("--expect-no-changes");
    });

    it("an interrupt ends what runs, leaves no process, and the next up goes on", async () => {
        await project().succeed("config", "set", "third", `touch ${project().directory}/begun; exec sleep 3600`);
        const { child, end, soFar } = project().start("up", "--yes", "--skip-preview");
        const begun = (): boolean => {
            try {
                return readFileSync(`${project().directory}/begun`) !== undefined;
            } catch {
                return false;
            }
        };
        await until(begun, "the command starts");
        child.kill("SIGINT");
        const { code } = await end;
        assert.notEqual(code, 0, soFar());
        await until(() => project().processes().length === 0, "all processes of the engine have ended");
        await project().succeed("config", "set", "third", "true");
        await up();
        await up("--expect-no-changes");
    });

    it("a killed pulumi leaves no plugin and no program behind", async function () {
        // The real plugins ask whether the engine is still there every 5 minutes.
        if (process.env["QUORATE_COMMAND_PLUGIN"] || process.env["QUORATE_LANGUAGE_HOST"]) this.skip();
        await project().succeed("config", "set", "third", "sleep 3600");
        const { child, end, soFar } = project().start("up", "--yes", "--skip-preview");
        await until(
            () =>
                project()
                    .processes()
                    .some((line) => line.startsWith("sleep")),
            "the command runs",
        );
        child.kill("SIGKILL");
        await end;
        await until(() => project().processes().length === 0, `all processes have ended; so far: ${soFar()}`);
        await project().succeed("cancel", "--yes");
        await project().succeed("config", "set", "third", "true");
        await up();
        await up("--expect-no-changes");
    });

    it("destroy runs the delete commands and needs no host that is gone without one", async () => {
        const commands = host.commands.length;
        await project().succeed("destroy", "--yes", "--skip-preview");
        assert.deepEqual(host.commands.slice(commands), ["echo second deleted", "echo first deleted"]);
        await project().succeed("stack", "rm", "--yes", "dev");
    });

    it("leaves no process behind", async () => {
        await until(() => project().processes().length === 0, `processes end: ${project().processes().join("; ")}`);
    });
});
