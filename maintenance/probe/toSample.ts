import { answeringPod } from "./answeringPod";
import type { Call } from "./caller";
import type { Sample } from "./sample";
import type { Target } from "./target";

/** A status that users take for success. */
const isGood = (status: number | null) => status !== null && status >= 200 && status < 400;

/** Judges what came back for a request of a target. */
export function toSample(
    { name, kind }: Target,
    { channel, planned }: { readonly channel: number; readonly planned: number },
    call: Call,
): Sample {
    const ok = call.error === null && isGood(call.status);
    return {
        target: name,
        kind,
        channel,
        planned,
        start: call.start,
        end: call.end,
        ok,
        status: call.status,
        error: ok ? null : (call.error ?? "status"),
        detail: ok ? "" : call.detail || firstLine(call.body),
        connection: call.reused && !call.retriedOnFreshConnection ? "reused" : "new",
        retriedOnFreshConnection: call.retriedOnFreshConnection,
        pod: kind === "ingress" ? answeringPod(call.headers, call.body) : null,
    };
}

/** Of an answer with a bad status: the message of a Kubernetes Status, else its first line. */
function firstLine(body: string): string {
    const message = /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
    return (message ?? body.trimStart().split("\n", 1)[0] ?? "").slice(0, 200);
}
