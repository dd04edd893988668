import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ServerChannel } from "ssh2";
import {
    BrokenConnectionError,
    execOk,
    HostKeyError,
    RemoteError,
    UnreachableError,
    type Remote,
} from "../../../../maintenance/ports/remote";
import { openSsh, type SshOptions } from "../../../../maintenance/ports/ssh";
import { Duration } from "../../../../model/duration";
import {
    finish,
    otherTypeKey,
    startSilentServer,
    startSshServer,
    testKey,
    type CommandHandler,
    type TestSshServer,
} from "../../../fakes/sshServer";
import { framed } from "../../../fakes/remoteHost";
import { LoginHost, loginShells, REFUSING_SUDO, SUDO } from "../../steps/shells";

const clientKey = testKey();
/** For hosts that do not answer. */
const SHORT = Duration.milliseconds(700);
/** For hosts that do, on a busy machine. */
const LONG = Duration.seconds(20);

let dropConnections = () => undefined as void;

const answer: CommandHandler = async (command, channel, stdin) => {
    if (command === "hang") return;
    if (command === "break") return dropConnections();
    if (command === "fail") return finish(channel, { stdout: "half", stderr: "one\ntwo\n", code: 3 });
    if (command === "slow") {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return finish(channel, {});
    }
    if (command === "late status") {
        return statusAfterOutput(channel, 7);
    }
    finish(channel, { stdout: `${command} got ${stdin}` });
};

/** A login shell of this machine that is handed what it is sent, as sshd does it. */
function loginShell(host: LoginHost, shell: string) {
    return (sent: string, channel: ServerChannel) => {
        const command = host.withPrograms(sent);
        const child = spawn(shell, ["-c", command], {
            env: { HOME: host.home, PATH: "/usr/bin:/bin", SSH_CLIENT: "x" },
        });
        channel.pipe(child.stdin);
        child.stdin.on("error", () => undefined);
        child.stdout.pipe(channel, { end: false });
        child.stderr.pipe(channel.stderr, { end: false });
        child.on("close", (code) => {
            channel.exit(code ?? 255);
            channel.end();
        });
    };
}

/** sshd sends the end of the output and the exit status as each comes up; the library's server knows one order only. */
async function statusAfterOutput(channel: ServerChannel, code: number): Promise<void> {
    const { _client, outgoing } = channel as unknown as {
        readonly _client: { readonly _protocol: { exitStatus(channel: number, code: number): void } };
        readonly outgoing: { readonly id: number; state: string };
    };
    channel.write(framed(""));
    (channel as unknown as { eof(): void }).eof();
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (outgoing.state === "eof") _client._protocol.exitStatus(outgoing.id, code);
    channel.close();
}

describe("the SSH port", () => {
    let server: TestSshServer;
    const opened: Remote[] = [];

    const open = (change: Partial<SshOptions> = {}): Remote => {
        const remote = openSsh({ identity: { privateKey: clientKey.privateKey }, dialTimeout: LONG, ...change });
        opened.push(remote);
        return remote;
    };

    beforeEach(async () => {
        server = await startSshServer({ clientKey, onCommand: answer });
        dropConnections = server.dropConnections;
    });

    afterEach(async () => {
        opened.splice(0).forEach((remote) => remote.close());
        await server.close();
    });

    it("runs a command with its standard input and returns what it left", async () => {
        const result = await open().exec(server.asHost("cp1"), "cat", { stdin: "a secret" });
        assert.deepEqual(result, { code: 0, stdout: "cat got a secret", stderr: "" });
    });

    it("returns a failing command's status and both outputs", async () => {
        assert.deepEqual(await open().exec(server.asHost("cp1"), "fail"), {
            code: 3,
            stdout: "half",
            stderr: "one\ntwo\n",
        });
    });

    it("throws for a command that must succeed, with host, status and error tail", async () => {
        await assert.rejects(execOk(open(), server.asHost("cp1"), "fail"), (error: RemoteError) => {
            assert.equal(error.host, "cp1");
            assert.equal(error.exit, 3);
            assert.match(error.message, /^cp1: fail ended with exit status 3:\none\ntwo$/);
            return true;
        });
    });

    it("keeps one connection for many commands, at most eight at a time", async () => {
        const remote = open();
        await Promise.all(Array.from({ length: 30 }, () => remote.exec(server.asHost("cp1"), "slow")));
        assert.equal(server.connections(), 1);
        assert.ok(server.mostChannels() <= 8, `${server.mostChannels()} channels at once`);
    });

    it("dials again after the connection broke", async () => {
        const remote = open();
        await remote.exec(server.asHost("cp1"), "one");
        server.dropConnections();
        await new Promise((resolve) => setTimeout(resolve, 50));
        await remote.exec(server.asHost("cp1"), "two");
        assert.equal(server.connections(), 2);
    });

    it("refuses a host whose key is not the pinned one, without trying to log in", async () => {
        const stranger = server.asHost("cp1", { hostKey: testKey().publicLine });
        await assert.rejects(open().exec(stranger, "id"), (error: Error) => {
            assert.ok(error instanceof HostKeyError);
            assert.match(
                error.message,
                /expected ssh-ed25519 SHA256:\S+, found SHA256:\S+; if the host was installed anew/,
            );
            return true;
        });
        assert.equal(server.connections(), 0);
    });

    it("refuses a host that has only a key of another type", async () => {
        const other = await startSshServer({ clientKey, hostKey: otherTypeKey() });
        try {
            const pinned = other.asHost("cp1", { hostKey: testKey().publicLine });
            await assert.rejects(open().exec(pinned, "id"), HostKeyError);
        } finally {
            await other.close();
        }
    });

    it("accepts a pinned key of another type than ed25519", async () => {
        const other = await startSshServer({ clientKey, hostKey: otherTypeKey(), onCommand: answer });
        try {
            assert.equal((await open().exec(other.asHost("cp1"), "id")).code, 0);
        } finally {
            await other.close();
        }
    });

    it("tells a refused login from a host that does not answer, and does not retry it", async () => {
        const started = Date.now();
        const wrong = open({ identity: { privateKey: testKey().privateKey } });
        await assert.rejects(wrong.exec(server.asHost("cp1"), "id"), (error: Error) => {
            assert.ok(error instanceof RemoteError && !(error instanceof UnreachableError));
            assert.match(error.message, /login as root at 127\.0\.0\.1:\d+ refused: .*--identity/);
            return true;
        });
        assert.ok(Date.now() - started < LONG.milliseconds);
    });

    it("gives up on a closed port when the dialling time is over", async () => {
        const port = server.port;
        await server.close();
        const started = Date.now();
        await assert.rejects(
            open({ dialTimeout: SHORT }).exec(server.asHost("cp1", { port }), "id"),
            (error: Error) => {
                assert.ok(error instanceof UnreachableError);
                assert.match(error.message, /^cp1: no SSH at 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
                return true;
            },
        );
        const took = Date.now() - started;
        assert.ok(took <= SHORT.milliseconds + 3000, `took ${took} ms`);
    });

    it("gives up on a host that accepts and says nothing", async () => {
        const silent = await startSilentServer();
        try {
            await assert.rejects(
                open({ dialTimeout: SHORT }).exec(server.asHost("cp1", { port: silent.port }), "id"),
                (error: Error) => {
                    assert.ok(error instanceof UnreachableError);
                    assert.match(error.message, /no answer within|Timed out/);
                    return true;
                },
            );
        } finally {
            silent.close();
        }
    });

    it("reaches a host that begins to answer within the dialling time", async () => {
        const hostKey = testKey();
        const { port } = server;
        await server.close();
        const pending = open().exec(server.asHost("cp1", { port, hostKey: hostKey.publicLine }), "id");
        await new Promise((resolve) => setTimeout(resolve, 100));
        server = await startSshServer({ clientKey, hostKey, port, onCommand: answer });
        assert.equal((await pending).code, 0);
    });

    it("dials for as long when the time of day is corrected meanwhile", async () => {
        const { now } = Date;
        const hostKey = testKey();
        const { port } = server;
        await server.close();
        try {
            const pending = open().exec(server.asHost("cp1", { port, hostKey: hostKey.publicLine }), "id");
            Date.now = () => now() + 3_600_000;
            await new Promise((resolve) => setTimeout(resolve, 100));
            server = await startSshServer({ clientKey, hostKey, port, onCommand: answer });
            assert.equal((await pending).code, 0);
        } finally {
            Date.now = now;
        }
    });

    it("ends a command that takes longer than its time", async () => {
        const hanging = open().exec(server.asHost("cp1"), "hang", { timeout: Duration.milliseconds(100) });
        await assert.rejects(hanging, /^RemoteError: cp1: no end within 100ms of: hang$/);
    });

    it("waits for an exit status that comes after the end of the output, as from a busy sshd", async () => {
        assert.equal((await open().exec(server.asHost("cp1"), "late status")).code, 7);
    });

    it("tells a connection that broke during a command", async () => {
        await assert.rejects(open().exec(server.asHost("cp1"), "break"), (error: Error) => {
            assert.ok(error instanceof BrokenConnectionError);
            assert.equal(error.message, "cp1: the connection broke during: break");
            return true;
        });
    });

    it("dials again for the next command", async () => {
        const remote = open();
        await assert.rejects(remote.exec(server.asHost("cp1"), "break"), BrokenConnectionError);
        assert.equal((await remote.exec(server.asHost("cp1"), "id")).code, 0);
        assert.equal(server.connections(), 2);
    });

    it("reaches hosts through a bastion whose key is pinned too", async () => {
        const bastion = await startSshServer({ clientKey });
        try {
            const proxy = { host: "127.0.0.1", port: bastion.port, user: "jump", hostKey: bastion.hostKey };
            const through = open({ proxy });
            assert.equal((await through.exec(server.asHost("cp1"), "id")).code, 0);
            assert.equal(bastion.forwarded(), 1);
            const stranger = open({ proxy: { ...proxy, hostKey: testKey().publicLine } });
            await assert.rejects(stranger.exec(server.asHost("cp1"), "id"), HostKeyError);
        } finally {
            await bastion.close();
        }
    });

    it("does not take hosts for unreachable because the bastion is", async () => {
        const proxy = { host: "127.0.0.1", port: 1, user: "jump", hostKey: testKey().publicLine };
        await assert.rejects(open({ proxy, dialTimeout: SHORT }).exec(server.asHost("cp1"), "id"), (error: Error) => {
            assert.ok(error instanceof BrokenConnectionError);
            assert.match(error.message, /bastion 127\.0\.0\.1: .*ECONNREFUSED.*; no host can be asked/);
            return true;
        });
    });

    it("tells a host that the bastion cannot reach", async () => {
        const bastion = await startSshServer({ clientKey });
        try {
            const proxy = { host: "127.0.0.1", port: bastion.port, user: "jump", hostKey: bastion.hostKey };
            await assert.rejects(
                open({ proxy, dialTimeout: Duration.seconds(2) }).exec(server.asHost("cp1", { port: 1 }), "id"),
                UnreachableError,
            );
        } finally {
            await bastion.close();
        }
    });
});

describe("a command over SSH", () => {
    let host: LoginHost;
    let server: TestSshServer | undefined;
    let remote: Remote | undefined;

    before(function () {
        if (process.platform !== "linux") this.skip();
    });
    beforeEach(() => {
        host = new LoginHost();
        host.program("sudo", SUDO);
    });
    afterEach(async () => {
        remote?.close();
        await server?.close();
        host.remove();
    });

    const exec = async (shell: string, user: string, command: string, stdin = "") => {
        server = await startSshServer({ clientKey, onLogin: loginShell(host, shell) });
        remote = openSsh({ identity: { privateKey: clientKey.privateKey }, dialTimeout: LONG });
        return remote.exec(server.asHost("w1", { user }), command, { stdin });
    };

    for (const shell of loginShells()) {
        it(`is bash as root with its own input, and only its own answer comes back, from ${shell} (H5, H7, H8)`, async () => {
            host.greet("ended 0");
            const command = "set -o pipefail; [[ $LC_ALL == C ]] && cat; echo careful >&2; exit 3";
            assert.deepEqual(await exec(shell, "deploy", command, "a secret"), {
                code: 3,
                stdout: "a secret",
                stderr: "careful\n",
            });
            assert.ok(host.usedSudo());
        });
    }

    it("is an error when sudo refuses, and says what to do", async () => {
        host.program("sudo", REFUSING_SUDO);
        await assert.rejects(exec("/bin/sh", "deploy", "echo installed"), (error: RemoteError) => {
            assert.ok(error instanceof RemoteError);
            assert.equal(error.exit, 1);
            assert.match(
                error.message,
                /^w1: the login shell of deploy ended with exit status 1 before it began a command:/,
            );
            assert.match(error.message, /needs sudo without a password; write into/);
            return true;
        });
    });

    it("is an error when something else ran and succeeded, whatever that printed (H7)", async () => {
        host.program("forced", "#!/bin/sh\ncat >/dev/null; echo installed\n");
        await assert.rejects(
            exec(`${host.home}/forced`, "deploy", "echo"),
            /exit status 0 before it began a command; look whether sshd forces another command upon this user:\ninstalled$/,
        );
    });

    it("that its host kills has said what it has said", async () => {
        const { code, stdout } = await exec("/bin/bash", "root", "echo half; kill -KILL $$; sleep 1");
        assert.deepEqual([code, stdout], [255, "half\n"]);
    });
});
