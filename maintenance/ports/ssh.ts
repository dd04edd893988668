import type { Readable } from "node:stream";
import pLimit from "p-limit";
import type { Client, ClientChannel } from "ssh2";
import { Duration } from "../../model/duration";
import { errorsOf, MARK_ERRORS, readAnswer, remoteCommand, remoteInput } from "../../steps/remoteCommand";
import {
    BrokenConnectionError,
    RemoteError,
    tail,
    UnreachableError,
    type ExecOptions,
    type ExecResult,
    type Remote,
    type RemoteHost,
} from "./remote";
import { dial, type SshIdentity, type Transport } from "./sshDial";

/** A bastion through which every host is reached; its key is pinned as well. */
export interface SshProxy {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly hostKey: string;
}

export interface SshOptions {
    readonly identity: SshIdentity;
    readonly proxy?: SshProxy | undefined;
    /** How long a host may take to answer a dial, retries included; 5 s when left out. */
    readonly dialTimeout?: Duration;
}

/** sshd's default MaxSessions is 10; two are left for people. */
const MAX_CHANNELS = 8;
const DEFAULT_TIMEOUT = Duration.seconds(30);

interface Connection {
    readonly client: Client;
    readonly limit: ReturnType<typeof pLimit>;
}

/** Runs commands over SSH: one connection a host, dialled at the first command and kept open until `close`. */
export function openSsh(options: SshOptions): Remote {
    return new SshRemote(options);
}

class SshRemote implements Remote {
    private readonly connections = new Map<string, Promise<Connection>>();
    private readonly dialTimeout: Duration;

    constructor(private readonly options: SshOptions) {
        this.dialTimeout = options.dialTimeout ?? Duration.seconds(5);
    }

    /**
     * A connection that broke is forgotten at once: one through a bastion does not tell its end, when the host behind it has
     * gone, before the bastion itself has noticed.
     */
    async exec(host: RemoteHost, command: string, options: ExecOptions = {}): Promise<ExecResult> {
        const pending = this.connection(host, this.transport(host));
        const { client, limit } = await pending;
        try {
            return await limit(() => execute(client, host, command, options));
        } catch (error) {
            if (error instanceof BrokenConnectionError) this.forget(host, pending);
            throw error;
        }
    }

    close(): void {
        for (const pending of this.connections.values()) {
            pending.then(({ client }) => client.end()).catch(() => undefined);
        }
        this.connections.clear();
    }

    private connection(host: RemoteHost, transport?: Transport): Promise<Connection> {
        const known = this.connections.get(keyOf(host));
        if (known) return known;
        const pending: Promise<Connection> = dial(host, this.options.identity, this.dialTimeout, transport).then(
            (client) => {
                const forget = () => this.forget(host, pending);
                client.on("error", forget).on("end", forget).on("close", forget);
                return { client, limit: pLimit(MAX_CHANNELS) };
            },
        );
        this.connections.set(keyOf(host), pending);
        pending.catch(() => this.forget(host, pending));
        return pending;
    }

    private forget(host: RemoteHost, pending: Promise<Connection>): void {
        if (this.connections.get(keyOf(host)) !== pending) return;
        this.connections.delete(keyOf(host));
        pending.then(({ client }) => client.destroy()).catch(() => undefined);
    }

    /** A bastion that does not answer says nothing about the hosts behind it, so it never makes them unreachable. */
    private async bastionClient(bastion: RemoteHost): Promise<Client> {
        try {
            return (await this.connection(bastion)).client;
        } catch (error) {
            if (error instanceof UnreachableError)
                throw new BrokenConnectionError(bastion.name, `${error.what}; no host can be asked`);
            throw error;
        }
    }

    private transport(host: RemoteHost): Transport | undefined {
        const proxy = this.options.proxy;
        if (proxy === undefined) return undefined;
        const bastion: RemoteHost = {
            name: `bastion ${proxy.host}`,
            address: proxy.host,
            ssh: { user: proxy.user, port: proxy.port, hostKey: proxy.hostKey },
        };
        return async () => forward(await this.bastionClient(bastion), bastion, host);
    }
}

function keyOf({ address, ssh }: RemoteHost): string {
    return `${ssh.user}@${address}:${ssh.port}`;
}

function forward(bastion: Client, through: RemoteHost, host: RemoteHost): Promise<Readable> {
    return new Promise((resolve, reject) => {
        const forwarded = (error: Error | undefined, stream: ClientChannel) => {
            if (error === undefined) return resolve(stream);
            const where = `${host.address}:${host.ssh.port}`;
            reject(new UnreachableError(host.name, `no SSH at ${where} through ${through.name}: ${error.message}`));
        };
        try {
            bastion.forwardOut("127.0.0.1", 0, host.address, host.ssh.port, forwarded);
        } catch {
            reject(new BrokenConnectionError(through.name, "its connection broke; no host can be asked"));
        }
    });
}

function execute(client: Client, host: RemoteHost, command: string, options: ExecOptions): Promise<ExecResult> {
    const timeout = options.timeout ?? DEFAULT_TIMEOUT;
    return new Promise((resolve, reject) => {
        let channel: ClientChannel | undefined;
        const fail = (error: RemoteError) => {
            clearTimeout(timer);
            client.off("close", lost);
            channel?.close();
            reject(error);
        };
        const lost = () =>
            fail(new BrokenConnectionError(host.name, `the connection broke during: ${summary(command)}`));
        const late = () => fail(new RemoteError(host.name, `no end within ${timeout} of: ${summary(command)}`));
        const timer = setTimeout(late, timeout.milliseconds);
        client.on("close", lost);
        const started = (error: Error | undefined, opened: ClientChannel) => {
            if (error) return fail(new RemoteError(host.name, `cannot start a command: ${error.message}`));
            channel = opened;
            serverCloses(opened);
            collect(opened, (result) => {
                if (result.code === undefined) return lost();
                clearTimeout(timer);
                client.off("close", lost);
                try {
                    resolve(answered(host, { ...result, code: result.code }));
                } catch (error) {
                    reject(error as RemoteError);
                }
            });
            opened.end(remoteInput(`${MARK_ERRORS}\n${command}`, options.stdin));
        };
        try {
            client.exec(remoteCommand(host.ssh.user), started);
        } catch {
            // ssh2's "Not connected": the connection has ended, and the client has not said so yet.
            lost();
        }
    });
}

/**
 * What a command itself has said. A login shell says things too, and where it does not come to the command, because sudo or
 * sshd refuses, or the user may not log in, its words and its exit status are no answer.
 * @throws RemoteError
 */
function answered(host: RemoteHost, { code, stdout, stderr }: ExecResult): ExecResult {
    const { kind, text } = readAnswer(stdout);
    const errors = errorsOf(stderr);
    if (kind === "none" && code < SIGNALLED) {
        const why = code === 0 ? "; look whether sshd forces another command upon this user" : "";
        const what = `the login shell of ${host.ssh.user} ended with exit status ${code} before it began a command${why}`;
        throw new RemoteError(host.name, what, code, tail(stderr.trim() === "" ? stdout : stderr));
    }
    if (kind !== "whole" && code === 0)
        throw new RemoteError(host.name, "only a part of the answer came", code, tail(errors));
    return { code, stdout: text, stderr: errors };
}

/**
 * Leaves the end of a channel to the server. By itself, ssh2 closes a channel as soon as both directions have ended (Node's
 * autoDestroy), and sshd then keeps an exit status to itself that it has not sent yet: a busy one sends it after the output.
 */
function serverCloses(channel: ClientChannel): void {
    const { _readableState, _writableState } = channel as unknown as Record<string, { autoDestroy: boolean }>;
    for (const state of [_readableState, _writableState]) if (state !== undefined) state.autoDestroy = false;
}

type Collected = Omit<ExecResult, "code"> & { code: number | undefined };

/** Exit status of a command ended by a signal, as shells count it: unknown signals are 128. */
const SIGNALLED = 128;

function collect(channel: ClientChannel, done: (result: Collected) => void): void {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let code: number | undefined;
    channel.on("data", (chunk: Buffer) => out.push(chunk));
    channel.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    channel.on("exit", (status: number | null) => (code = status ?? SIGNALLED));
    channel.on("error", () => undefined);
    channel.on("close", () =>
        done({ code, stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") }),
    );
}

function summary(command: string): string {
    const firstLine = command.trim().split("\n", 1)[0] ?? "";
    return firstLine.length > 80 ? `${firstLine.slice(0, 80)}...` : firstLine;
}
