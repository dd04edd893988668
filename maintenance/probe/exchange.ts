import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { errorLine } from "../workflow/errorLine";
import { failureClass, type FailureClass } from "./failureClass";
import { preciseNow } from "./preciseClock";
import type { Question } from "./target";

/** A request as it goes out. */
export interface Ask extends Question {
    readonly method: "GET" | "PATCH" | "POST" | "DELETE";
    readonly body?: string | undefined;
    /** Trust and client certificate, made once: making them for each connection costs more than the handshake. */
    readonly secureContext?: SecureContext | undefined;
    /** Only for a kubeconfig that asks for no verification. */
    readonly rejectUnauthorized?: boolean | undefined;
}

/** What came back. */
export interface Exchange {
    readonly start: number;
    readonly end: number;
    readonly status: number | null;
    /** Null when an answer came completely, whatever its status. */
    readonly error: FailureClass | null;
    readonly detail: string;
    /** Whether it went over a connection that had carried a request before. */
    readonly reused: boolean;
    /** Whether any byte of an answer came. */
    readonly answered: boolean;
    readonly headers: http.IncomingHttpHeaders;
    /** The first 4 KiB. */
    readonly body: string;
}

const BODY_LIMIT = 4096;

/**
 * Sends one request and waits for the whole answer, until `deadline` (milliseconds since 1970) at most. Never throws:
 * failures are what is measured. @param agent false for a connection of its own
 */
export function exchange(ask: Ask, agent: http.Agent | false, deadline: number): Promise<Exchange> {
    return new Promise((resolve) => {
        const start = preciseNow();
        const seen = { status: null as number | null, headers: {}, body: "", bytesBefore: 0 };
        const request = send(ask, agent);
        let socket: Socket | undefined;
        const settle = (error: FailureClass | null, detail: string) => {
            clearTimeout(timer);
            const { status, headers, body } = seen;
            const answered = status !== null || (socket?.bytesRead ?? 0) > seen.bytesBefore;
            const reused = request.reusedSocket;
            resolve({ start, end: preciseNow(), status, error, detail, reused, answered, headers, body });
        };
        const timer = setTimeout(() => {
            settle("timeout", `no complete answer within ${Math.round(preciseNow() - start)} ms`);
            request.destroy();
        }, deadline - start);
        request.on("socket", (given) => {
            socket = given;
            seen.bytesBefore = given.bytesRead;
        });
        request.on("error", (error) => settle(failureClass(error), errorLine(error)));
        request.on("response", (response) => {
            seen.status = response.statusCode ?? null;
            seen.headers = response.headers;
            response.on("data", (chunk: Buffer) => {
                if (seen.body.length < BODY_LIMIT) seen.body += chunk.toString("latin1", 0, BODY_LIMIT);
            });
            response.on("error", () => settle("cut", "the answer ended too early"));
            response.on("end", () => settle(null, ""));
        });
        request.end(ask.body);
    });
}

function send(ask: Ask, agent: http.Agent | false): http.ClientRequest {
    const { secure, host, port, path, method, headers, servername, secureContext, rejectUnauthorized } = ask;
    const length = ask.body === undefined ? {} : { "content-length": String(Buffer.byteLength(ask.body)) };
    const common = { host, port, path, method, headers: { ...headers, ...length }, agent };
    if (!secure) return http.request(common);
    return https.request({
        ...common,
        ...(servername !== undefined && { servername }),
        ...(secureContext !== undefined && { secureContext }),
        ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
    });
}
