import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { Client, utils, type ConnectConfig, type ServerHostKeyAlgorithm } from "ssh2";
import { Duration } from "../../model/duration";
import { systemClock } from "../workflow/clock";
import { HostKeyError, RemoteError, UnreachableError, type RemoteHost } from "./remote";

/** What proves to a host who we are. */
export type SshIdentity = { readonly privateKey: string } | { readonly agentSocket: string };

/** Why a private key cannot be used, if so: no key at all, or one with a passphrase. */
export function privateKeyProblem(privateKey: string): string | undefined {
    const parsed = utils.parseKey(privateKey);
    return parsed instanceof Error ? parsed.message : undefined;
}

/** Opens a byte stream to a host's SSH port, for example through a bastion. */
export type Transport = () => Promise<Readable>;

const RETRY_PAUSE_MILLISECONDS = 250;
const KEEPALIVE_MILLISECONDS = 5000;

/**
 * Opens one authenticated connection to the host with the pinned key. Refused and broken dials are tried again until the
 * time is over (a booting host, sshd's MaxStartups); a refused login and a wrong key are not.
 * @throws UnreachableError, HostKeyError or RemoteError (login refused)
 */
export async function dial(
    host: RemoteHost,
    identity: SshIdentity,
    dialTimeout: Duration,
    transport?: Transport,
): Promise<Client> {
    const end = systemClock.monotonic() + dialTimeout.milliseconds;
    let seen: UnreachableError | undefined;
    for (;;) {
        try {
            return await dialOnce(host, identity, Math.max(1, end - systemClock.monotonic()), transport);
        } catch (error) {
            if (!(error instanceof UnreachableError)) throw error;
            // The last attempt often has no time left; what the one before saw tells more.
            if (systemClock.monotonic() + RETRY_PAUSE_MILLISECONDS >= end) throw seen ?? error;
            seen = error;
            await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MILLISECONDS));
        }
    }
}

async function dialOnce(
    host: RemoteHost,
    identity: SshIdentity,
    milliseconds: number,
    transport?: Transport,
): Promise<Client> {
    const where = `${host.address}:${host.ssh.port}`;
    const pin = hostKeyPin(host);
    const sock = await transport?.();
    return new Promise((resolve, reject) => {
        const client = new Client();
        let settled = false;
        const fail = (error: Error) => {
            if (settled) return;
            settled = true;
            clearTimeout(timer);
            client.destroy();
            reject(error);
        };
        const unreachable = (why: string) => fail(new UnreachableError(host.name, `no SSH at ${where}: ${why}`));
        const timer = setTimeout(
            () => unreachable(`no answer within ${Duration.milliseconds(milliseconds)}`),
            milliseconds,
        );
        client.on("ready", () => {
            settled = true;
            clearTimeout(timer);
            client.setNoDelay(true);
            client.on("error", () => client.destroy());
            resolve(client);
        });
        client.on("error", (error) => fail(translate(error, host, pin, where)));
        client.on("close", () => unreachable("the connection was closed during the handshake"));
        try {
            client.connect(connectConfig(host, identity, pin, milliseconds, sock));
        } catch (error) {
            fail(new RemoteError(host.name, `cannot dial ${where}: ${(error as Error).message}`));
        }
    });
}

function connectConfig(
    host: RemoteHost,
    identity: SshIdentity,
    pin: HostKeyPin,
    readyTimeout: number,
    sock: Readable | undefined,
): ConnectConfig {
    return {
        host: host.address,
        port: host.ssh.port,
        username: host.ssh.user,
        readyTimeout,
        keepaliveInterval: KEEPALIVE_MILLISECONDS,
        keepaliveCountMax: 2,
        algorithms: { serverHostKey: pin.algorithms },
        hostVerifier: (key: Buffer) => pin.check(key),
        ...(sock === undefined ? {} : { sock }),
        ...("privateKey" in identity ? { privateKey: identity.privateKey } : { agent: identity.agentSocket }),
    };
}

interface HostKeyPin {
    readonly algorithms: ServerHostKeyAlgorithm[];
    check(key: Buffer): boolean;
    /** Fingerprint of the key that was refused, if one was. */
    refused(): string | undefined;
    readonly expected: string;
}

const SIGNATURES: Readonly<Record<string, ServerHostKeyAlgorithm[]>> = {
    "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

function hostKeyPin(host: RemoteHost): HostKeyPin {
    const [type = "", encoded = ""] = host.ssh.hostKey.trim().split(/\s+/);
    const pinned = Buffer.from(encoded, "base64");
    let refused: string | undefined;
    return {
        algorithms: SIGNATURES[type] ?? [type as ServerHostKeyAlgorithm],
        check(key) {
            if (key.equals(pinned)) return true;
            refused = fingerprint(key);
            return false;
        },
        refused: () => refused,
        expected: `${type} ${fingerprint(pinned)}`,
    };
}

function fingerprint(key: Buffer): string {
    return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

function translate(error: Error & { level?: string }, host: RemoteHost, pin: HostKeyPin, where: string): RemoteError {
    const refused = pin.refused();
    const noSuchKey = /no matching host key/.test(error.message);
    if (refused !== undefined || noSuchKey) {
        const found = refused ?? "a host without a key of that type";
        return new HostKeyError(
            host.name,
            `another host key at ${where}: expected ${pin.expected}, found ${found}; if the host was installed anew, pin its new key in the configuration`,
        );
    }
    if (error.level === "client-authentication" || error.level === "agent") {
        return new RemoteError(
            host.name,
            `login as ${host.ssh.user} at ${where} refused: ${error.message}; give the right key with --identity or load it into the SSH agent`,
        );
    }
    return new UnreachableError(host.name, `no SSH at ${where}: ${error.message}`);
}
