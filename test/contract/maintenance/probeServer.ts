import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** How the next request is treated. `count` is the request's number on its connection, from 1. */
export type Manner = (exchange: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly socket: Socket;
    readonly count: number;
}) => void;

/** A web server on loopback whose manners can be changed while it runs. */
export interface ProbeServer {
    readonly port: number;
    readonly url: string;
    /** Requests seen. */
    readonly requests: number;
    /** Connections seen. */
    readonly connections: number;
    manner: Manner;
    close(): Promise<void>;
}

export const answer: Manner = ({ response }) => void response.end("Hostname: web-1\n");
/** Takes the request and never answers. */
export const hang: Manner = () => undefined;
/** Closes with RST before any byte of an answer. */
export const reset: Manner = ({ socket }) => void socket.resetAndDestroy();
export const badGateway: Manner = ({ response }) => void response.writeHead(502).end("no server\nsecond line");
/** Promises more than it sends. */
export const cut: Manner = ({ response, socket }) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("part", () => socket.destroy());
};
/** Serves the first request of a connection and resets at the second, as when idle connections are closed too early. */
export const resetKept: Manner = (exchange) => (exchange.count === 1 ? answer(exchange) : reset(exchange));

/** Starts it; it answers until told otherwise. */
export async function startProbeServer(): Promise<ProbeServer> {
    const counts = new WeakMap<Socket, number>();
    const seen = { requests: 0, connections: 0 };
    const server = createServer((request, response) => {
        const { socket } = request;
        const count = (counts.get(socket) ?? 0) + 1;
        counts.set(socket, count);
        seen.requests += 1;
        started.manner({ request, response, socket, count });
    });
    server.on("connection", () => (seen.connections += 1));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const started: ProbeServer = {
        port,
        url: `http://127.0.0.1:${port}/`,
        get requests() {
            return seen.requests;
        },
        get connections() {
            return seen.connections;
        },
        manner: answer,
        close: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
    return started;
}
