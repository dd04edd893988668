import { setTimeout as wait } from "node:timers/promises";
import type { Duplex } from "node:stream";
import { Client } from "ssh2";
import type { ConnectConfig } from "ssh2";
import { Connection, Endpoint } from "./connection";
import { sshConfig } from "./sshConfig";

/** Where a line about a failed attempt goes. */
export type DialRemark = (message: string) => void;

/** The pause after the first failed attempt, how it grows, and its limit, in milliseconds. */
const backoff = { first: 100, factor: 1.5, most: 5_000 };

/** Repeats an attempt until it succeeds, the endpoint's limit of failures is passed, or the signal ends it. */
async function retried<T>(
    what: string,
    limit: number,
    signal: AbortSignal,
    remark: DialRemark,
    attempt: () => Promise<T>,
): Promise<T> {
    for (let failures = 0, pause = backoff.first; ; pause = Math.min(pause * backoff.factor, backoff.most)) {
        signal.throwIfAborted();
        try {
            return await attempt();
        } catch (error) {
            signal.throwIfAborted();
            if (limit > -1 && failures >= limit) {
                throw new Error(`after ${failures} failed attempts: ${(error as Error).message}`, { cause: error });
            }
            failures += 1;
            remark(`${what} ${failures}/${limit === -1 ? "inf" : limit} failed: retrying`);
            await wait(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
        }
    }
}

function explained(error: Error): Error {
    if (!error.message.startsWith("Host denied")) return error;
    return new Error("ssh: host key mismatch: the host's key is not the pinned hostKey", { cause: error });
}

/** One attempt to reach a ready SSH connection. */
function connect(config: ConnectConfig, signal: AbortSignal): Promise<Client> {
    return new Promise((resolve, reject) => {
        const client = new Client();
        const abort = (): void => void client.destroy();
        const settle = (outcome: () => void) => (): void => {
            signal.removeEventListener("abort", abort);
            outcome();
        };
        signal.addEventListener("abort", abort);
        // Later errors of the same connection end the command's channel, which reports them.
        client.on("error", (error) => settle(() => reject(explained(error)))());
        client.once(
            "close",
            settle(() => reject(new Error("the connection was closed during the handshake"))),
        );
        client.once(
            "ready",
            settle(() => resolve(client.setNoDelay(true))),
        );
        client.connect(config);
    });
}

function dialEndpoint(
    what: string,
    endpoint: Endpoint,
    config: ConnectConfig,
    signal: AbortSignal,
    remark: DialRemark,
) {
    return retried(what, endpoint.dialErrorLimit, signal, remark, () => connect(config, signal));
}

function forward(proxy: Client, { host, port }: Endpoint): Promise<Duplex> {
    return new Promise((resolve, reject) => {
        proxy.forwardOut("127.0.0.1", 0, host, port, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
}

async function dialThrough(proxy: Endpoint, connection: Connection, signal: AbortSignal, remark: DialRemark) {
    const config = await sshConfig(connection);
    const hop = await dialEndpoint("Dial proxy", proxy, await sshConfig(proxy), signal, remark);
    try {
        const client = await retried("Dial from proxy", connection.dialErrorLimit, signal, remark, async () =>
            connect({ ...config, sock: await forward(hop, connection) }, signal),
        );
        client.once("close", () => hop.end());
        return client;
    } catch (error) {
        hop.end();
        throw error;
    }
}

/**
 * Opens an SSH connection, through the proxy if there is one. Failed attempts are repeated with growing pauses, up to
 * `dialErrorLimit`. The caller ends the connection.
 */
export async function dial(connection: Connection, signal: AbortSignal, remark: DialRemark): Promise<Client> {
    if (connection.proxy === undefined) {
        return dialEndpoint("Dial", connection, await sshConfig(connection), signal, remark);
    }
    try {
        return await dialThrough(connection.proxy, connection, signal, remark);
    } catch (error) {
        throw new Error(`proxy: ${(error as Error).message}`, { cause: error });
    }
}
