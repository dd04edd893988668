import { generateKeyPairSync } from "node:crypto";
import { createConnection, createServer, type AddressInfo, type Server as TcpServer } from "node:net";
import { Server, utils, type Connection, type ServerChannel } from "ssh2";
import type { RemoteHost } from "../../maintenance/ports/remote";
import { readInput } from "../../steps/remoteCommand";
import { framed } from "./remoteHost";

/**
 * What the server does with a command and what that reads: writes, then an exit status; nothing at all for commands that hang.
 */
export type CommandHandler = (command: string, channel: ServerChannel, stdin: string) => Promise<void>;

/** A real SSH server on loopback, for tests of the SSH port. */
export interface TestSshServer {
    readonly port: number;
    readonly hostKey: string;
    /** Logins so far. */
    connections(): number;
    /** Channels open at once, at the most. */
    mostChannels(): number;
    /** Streams forwarded so far, when the server is a bastion. */
    forwarded(): number;
    dropConnections(): void;
    close(): Promise<void>;
    asHost(
        name: string,
        change?: { readonly hostKey?: string; readonly port?: number; readonly user?: string },
    ): RemoteHost;
}

/** A key pair in the form that clients and servers read. */
export interface TestKey {
    readonly privateKey: string;
    readonly publicLine: string;
}

/** ssh2 makes OpenSSH keys, but one in a few hundred is such that it cannot read it itself; RSA would cost seconds. */
export function testKey(): TestKey {
    const keys = utils.generateKeyPairSync("ed25519");
    if (utils.parseKey(keys.private) instanceof Error) return testKey();
    return { privateKey: keys.private, publicLine: keys.public };
}

/** An elliptic-curve host key, for servers with a key of another type than the pinned one. */
export function otherTypeKey(): TestKey {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = privateKey.export({ type: "sec1", format: "pem" }).toString();
    const parsed = utils.parseKey(pem);
    if (parsed instanceof Error) throw parsed;
    return { privateKey: pem, publicLine: `${parsed.type} ${parsed.getPublicSSH().toString("base64")}` };
}

/** Starts a server that lets `clientKey` in. */
export async function startSshServer(options: {
    readonly clientKey: TestKey;
    readonly hostKey?: TestKey;
    readonly onCommand?: CommandHandler;
    /** In place of `onCommand`, what a login shell does with what it is sent and with its input. */
    readonly onLogin?: (sent: string, channel: ServerChannel) => void;
    /** Any free port when left out. */
    readonly port?: number;
}): Promise<TestSshServer> {
    const hostKey = options.hostKey ?? testKey();
    const counters = { connections: 0, channels: 0, most: 0, forwarded: 0 };
    const open = new Set<Connection>();
    const server = new Server({ hostKeys: [hostKey.privateKey] }, (client) => {
        open.add(client);
        client.on("error", () => undefined);
        client.on("close", () => open.delete(client));
        client.on("authentication", (context) => {
            const allowed = Buffer.from(options.clientKey.publicLine.split(" ")[1] ?? "", "base64");
            if (context.method === "publickey" && context.key.data.equals(allowed)) return context.accept();
            context.reject(["publickey"]);
        });
        client.on("ready", () => {
            counters.connections += 1;
            client.on("session", (acceptSession) => {
                acceptSession().on("exec", (accept, _reject, { command }) => {
                    const channel = accept();
                    counters.channels += 1;
                    counters.most = Math.max(counters.most, counters.channels);
                    channel.on("close", () => (counters.channels -= 1));
                    if (options.onLogin !== undefined) return options.onLogin(command, channel);
                    void readAll(channel).then((input) => {
                        const { script, stdin } = readInput(input) ?? { script: "", stdin: "" };
                        const [, ...lines] = script.split("\n");
                        return options.onCommand?.(lines.join("\n"), channel, stdin);
                    });
                });
            });
            client.on("tcpip", (accept, reject, { destIP, destPort }) => {
                const target = createConnection(destPort, destIP);
                target.once("error", () => reject());
                target.once("connect", () => {
                    counters.forwarded += 1;
                    const stream = accept();
                    target.pipe(stream).pipe(target);
                    for (const end of [target, stream]) end.on("error", () => undefined);
                });
            });
        });
    });
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const dropConnections = () => open.forEach((client) => client.end());
    return {
        port,
        hostKey: hostKey.publicLine,
        connections: () => counters.connections,
        mostChannels: () => counters.most,
        forwarded: () => counters.forwarded,
        dropConnections,
        close: () =>
            new Promise((resolve) => {
                dropConnections();
                server.close(() => resolve());
            }),
        asHost: (name, change = {}) => ({
            name,
            address: "127.0.0.1",
            ssh: {
                user: change.user ?? "root",
                port: change.port ?? port,
                hostKey: change.hostKey ?? hostKey.publicLine,
            },
        }),
    };
}

/** A port that accepts connections and never says a word. */
export async function startSilentServer(): Promise<{ readonly port: number; close(): void }> {
    const sockets = new Set<{ destroy(): void }>();
    const server: TcpServer = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        port: (server.address() as AddressInfo).port,
        close() {
            sockets.forEach((socket) => socket.destroy());
            server.close();
        },
    };
}

/** Ends a command: output, errors, exit status, below a login shell that greets on both outputs. */
export function finish(channel: ServerChannel, result: { stdout?: string; stderr?: string; code?: number }): void {
    channel.stderr.write(`locale: cannot set\n\nquorate:answer\n${result.stderr ?? ""}`);
    channel.write(framed(result.stdout ?? ""));
    channel.exit(result.code ?? 0);
    channel.end();
}

/** By events: an iterator would destroy the channel before the command has answered. */
function readAll(channel: ServerChannel): Promise<string> {
    return new Promise((resolve) => {
        const chunks: Buffer[] = [];
        channel.on("data", (chunk: Buffer) => chunks.push(chunk));
        channel.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    });
}
