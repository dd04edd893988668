import * as http from "node:http";
import * as https from "node:https";
import { exchange, type Ask, type Exchange } from "./exchange";
import type { Target } from "./target";

/** An exchange, and whether it took a second connection. */
export interface Call extends Exchange {
    readonly retriedOnFreshConnection: boolean;
}

/** Sends the requests of one target over its connections. */
export interface Caller {
    /** @param channel which kept connection @param deadline milliseconds since 1970 */
    call(ask: Ask, channel: number, deadline: number): Promise<Call>;
    /** Closes kept connections. */
    close(): void;
}

/**
 * New connections are closed after one answer. Kept ones are held by one agent each: a request whose connection is busy
 * gets another, as in any client's pool, so that no request waits for the one before.
 */
export function openCaller({ connection, channels }: Target, secure: boolean): Caller {
    const Agent = secure ? https.Agent : http.Agent;
    const kept = connection === "new" ? [] : Array.from({ length: channels }, () => keepOne(Agent));
    return {
        async call(ask, channel, deadline) {
            const first = await exchange(ask, kept[channel] ?? false, deadline);
            if (!worthRetrying(ask, first)) return { ...first, retriedOnFreshConnection: false };
            const second = await exchange(ask, false, deadline);
            return { ...second, start: first.start, retriedOnFreshConnection: true };
        },
        close: () => kept.forEach((agent) => agent.destroy()),
    };
}

function keepOne(Agent: typeof http.Agent): http.Agent {
    return new Agent({ keepAlive: true, maxFreeSockets: 1 });
}

/**
 * A server may close an idle connection while a request is on its way. Clients send an idempotent request again when a
 * kept connection breaks before any byte of the answer (RFC 9110, 9.2.2; Go's http.Transport does likewise): no user
 * feels it.
 */
function worthRetrying({ method }: Ask, { reused, answered, error }: Exchange): boolean {
    return method === "GET" && reused && !answered && error === "reset";
}
