import { ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { Server, utils } from "ssh2";
import type { AuthContext, Connection, ParsedKey, ServerChannel, Session } from "ssh2";
import { serveFiles } from "./sftpFiles";

/** A key pair: the private key as text and the public key as one line. */
export interface KeyPair {
    readonly private: string;
    readonly public: string;
}

/** Makes a new ed25519 key pair, encrypted when a passphrase is given. */
export function newKeyPair(passphrase?: string): KeyPair {
    const options = passphrase === undefined ? {} : { passphrase, cipher: "aes256-ctr", rounds: 4 };
    const pair = utils.generateKeyPairSync("ed25519", options as object);
    // The library now and then writes a key that it cannot read back.
    return utils.parseKey(pair.private, passphrase) instanceof Error ? newKeyPair(passphrase) : pair;
}

/** What the host accepts. */
export interface SshHostOptions {
    readonly authorizedKey?: string;
    readonly password?: string;
    /** Passwords are asked for as a dialogue only. */
    readonly keyboardInteractive?: boolean;
    /** Names of variables that clients may set, as sshd's AcceptEnv. */
    readonly acceptEnv?: readonly string[];
    /** This many connections are cut before the handshake. */
    readonly refuseFirst?: number;
}

/** The library keeps the socket to itself. */
function socketOf(client: Connection): Socket {
    return (client as unknown as { _sock: Socket })._sock;
}

/** A real SSH server on loopback that runs commands with sh. */
export class SshHost {
    readonly hostKey = newKeyPair();
    /** Connections that got past the handshake, by the client's address and user. */
    readonly logins: string[] = [];
    /** Commands that were started, in order. */
    readonly commands: string[] = [];
    /** Connections open now. */
    open = 0;
    port = 0;
    private attempts = 0;
    private readonly children = new Set<ChildProcess>();
    private readonly clients = new Set<Connection>();
    private readonly server: Server;

    constructor(private readonly options: SshHostOptions) {
        this.server = new Server({ hostKeys: [this.hostKey.private] }, (client) => this.serve(client));
    }

    /** How often a client has tried to connect. */
    get dials(): number {
        return this.attempts;
    }

    /** Commands that run now. */
    get running(): number {
        return this.children.size;
    }

    async start(): Promise<void> {
        await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
        this.port = (this.server.address() as AddressInfo).port;
    }

    async stop(): Promise<void> {
        for (const child of this.children) child.kill("SIGKILL");
        for (const client of this.clients) client.end();
        await new Promise((resolve) => this.server.close(resolve));
    }

    private serve(client: Connection): void {
        this.attempts += 1;
        // The client may drop its side at any time; commands are cleaned up with the connection.
        client.on("error", () => undefined);
        // As a host that is still booting: the connection is reset before a word is said.
        if (this.attempts <= (this.options.refuseFirst ?? 0)) return void socketOf(client).resetAndDestroy();
        this.open += 1;
        this.clients.add(client);
        client.on("authentication", (context) => this.authenticate(context));
        client.on("ready", () => this.logins.push("login"));
        client.on("session", (accept) => this.session(accept()));
        client.on("tcpip", (accept, _reject, { destIP, destPort }) => {
            const target = connect(destPort, destIP);
            const channel = accept();
            target.on("error", () => channel.end());
            channel.pipe(target).pipe(channel);
        });
        client.on("close", () => {
            this.open -= 1;
            this.clients.delete(client);
        });
    }

    private authenticate(context: AuthContext): void {
        const { authorizedKey, password, keyboardInteractive } = this.options;
        if (context.method === "publickey" && authorizedKey !== undefined) {
            const allowed = utils.parseKey(authorizedKey) as ParsedKey;
            const same = context.key.data.equals(allowed.getPublicSSH());
            const { blob, signature, hashAlgo } = context;
            const signed =
                signature === undefined || (blob !== undefined && allowed.verify(blob, signature, hashAlgo) === true);
            return same && signed ? context.accept() : context.reject();
        }
        if (context.method === "password" && password !== undefined && !keyboardInteractive) {
            return context.password === password ? context.accept() : context.reject();
        }
        if (context.method === "keyboard-interactive" && keyboardInteractive) {
            return context.prompt([{ prompt: "Password:", echo: false }], (answers) =>
                answers[0] === password ? context.accept() : context.reject(),
            );
        }
        const methods = [
            ...(authorizedKey === undefined ? [] : ["publickey" as const]),
            ...(password === undefined ? [] : [keyboardInteractive ? "keyboard-interactive" : "password"]),
        ];
        return context.reject(methods as never);
    }

    private session(session: Session): void {
        const variables: Record<string, string> = {};
        let child: ChildProcess | undefined;
        session.on("env", (accept, reject, { key, val }: { key: string; val: string }) => {
            if (!this.options.acceptEnv?.includes(key)) return void reject?.();
            variables[key] = val;
            (accept as (() => void) | undefined)?.();
        });
        session.on("signal", (_accept, _reject, { name }) => {
            if (child?.pid !== undefined) process.kill(-child.pid, `SIG${name}` as NodeJS.Signals);
        });
        session.on("sftp", (accept) => serveFiles(accept()));
        session.on("exec", (accept, _reject, { command }) => {
            this.commands.push(command);
            child = this.run(command, variables, accept());
        });
    }

    private run(command: string, variables: Record<string, string>, channel: ServerChannel): ChildProcess {
        const env = { PATH: process.env["PATH"], ...variables };
        const child = spawn("/bin/sh", ["-c", command], { env, detached: true });
        this.children.add(child);
        child.stdout.on("data", (piece: Buffer) => channel.write(piece));
        child.stderr.on("data", (piece: Buffer) => channel.stderr.write(piece));
        child.stdin.on("error", () => undefined);
        channel.on("error", () => undefined);
        channel.pipe(child.stdin);
        channel.on("close", () => {
            if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGHUP");
        });
        child.on("close", (code, signal) => {
            this.children.delete(child);
            if (signal !== null) channel.exit(signal.replace(/^SIG/, ""));
            else channel.exit(code ?? 255);
            channel.end();
        });
        return child;
    }
}
