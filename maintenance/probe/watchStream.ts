import * as https from "node:https";
import type { ClientRequest } from "node:http";
import type { ApiSession } from "./apiSession";
import { preciseNow } from "./preciseClock";
import type { Pause } from "./reportShape";

/** An event of a watch on one ConfigMap. */
interface WatchEvent {
    readonly type: string;
    readonly object?: {
        readonly code?: number;
        readonly metadata?: { readonly resourceVersion?: string };
        readonly data?: Readonly<Record<string, string>>;
    };
}

/** A watch that is opened again whenever it ends, from the version it has reached. */
export interface WatchStream {
    readonly opened: number;
    /** From the end of a watch to the next opening. */
    readonly gaps: readonly Pause[];
    close(): void;
}

/** What the stream is told about. */
export interface WatchTarget {
    readonly session: ApiSession;
    /** Path with its query, without `resourceVersion`. */
    readonly path: string;
    /** The object's data after a change, or, for `anew`, as a watch without a version found it. */
    onData(data: Readonly<Record<string, string>>, at: number, anew: boolean): void;
}

/** Between attempts, in milliseconds. */
const RETRY_PAUSE = 200;
/**
 * A watch on which nothing comes is given up after this many milliseconds, as client-go does: HTTP/2 ping after 30 s of
 * silence and 15 s for its answer (TRAPS 22).
 */
const SILENCE = 45_000;
/** An attempt without an answer is given up after this many milliseconds: client-go's bound for a TLS handshake. */
const OPENING = 10_000;

/** Opens the watch; it stays until closed. */
export function openWatchStream(target: WatchTarget): WatchStream {
    const gaps: Pause[] = [];
    const reader = eventReader(target);
    let opened = 0;
    let closed = false;
    let lostAt = preciseNow();
    let retry: NodeJS.Timeout | undefined;
    let request: ClientRequest | undefined;
    const open = () => {
        request = ask(target, reader.begin(), {
            opened() {
                if (opened > 0) gaps.push({ at: lostAt, milliseconds: Math.round(preciseNow() - lostAt) });
                opened += 1;
            },
            line: (text) => reader.read(text),
            ended(wasOpen) {
                if (wasOpen) lostAt = preciseNow();
                if (!closed) retry = setTimeout(open, RETRY_PAUSE);
            },
        });
    };
    open();
    return {
        get opened() {
            return opened;
        },
        gaps,
        close() {
            closed = true;
            clearTimeout(retry);
            request?.destroy();
        },
    };
}

/** Keeps the version that the watch has reached. A version that the API has forgotten (410) begins anew. */
function eventReader({ onData }: WatchTarget) {
    let version: string | undefined;
    let anew = true;
    return {
        /** To be called for each watch; the version to begin from, or nothing for the present state. */
        begin() {
            anew = version === undefined;
            return version;
        },
        read(line: string) {
            const event = parse(line);
            if (event === undefined) return;
            if (event.type === "ERROR") {
                version = undefined;
                return;
            }
            version = event.object?.metadata?.resourceVersion ?? version;
            onData(event.object?.data ?? {}, preciseNow(), anew);
            anew = false;
        },
    };
}

/** What a proxy in between may say is not news. */
function parse(line: string): WatchEvent | undefined {
    try {
        return JSON.parse(line) as WatchEvent;
    } catch {
        return undefined;
    }
}

interface Listener {
    opened(): void;
    line(text: string): void;
    /** Called once; `wasOpen` when the API had accepted the watch. */
    ended(wasOpen: boolean): void;
}

function ask({ session, path }: WatchTarget, version: string | undefined, listener: Listener): ClientRequest {
    const { secure: _secure, ...options } = session;
    const from = version === undefined ? "" : `&resourceVersion=${encodeURIComponent(version)}`;
    const request = https.get({ ...options, path: `${path}${from}`, agent: false, timeout: OPENING });
    let open = false;
    let rest = "";
    request.on("response", (response) => {
        open = response.statusCode === 200;
        if (open) listener.opened();
        request.setTimeout(SILENCE);
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
            const lines = (rest + chunk).split("\n");
            rest = lines.pop() ?? "";
            if (open) lines.filter((line) => line !== "").forEach((line) => listener.line(line));
        });
        response.on("error", () => undefined);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => undefined);
    request.on("close", () => listener.ended(open));
    return request;
}
