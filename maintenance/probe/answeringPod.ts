import type { IncomingHttpHeaders } from "node:http";

/** Bodies in which applications name their pod: `Hostname: web-7d9f` as whoami does, `pod=...`, or such a key in JSON. */
const IN_BODY = /(?:^|[\s{,])"?(?:hostname|pod|podname|pod_name)"?\s*[:=]\s*"?([a-z0-9][a-z0-9.-]*)/i;

/** The pod that answered, from a header `x-pod` or `x-pod-name` or from the body; null when neither names it. */
export function answeringPod(headers: IncomingHttpHeaders, body: string): string | null {
    const header = headers["x-pod"] ?? headers["x-pod-name"];
    return (Array.isArray(header) ? header[0] : header) ?? IN_BODY.exec(body)?.[1] ?? null;
}
