import { randomBytes } from "node:crypto";
import { exchange, type Ask, type Exchange } from "./exchange";
import { preciseNow } from "./preciseClock";
import type { ApiSession } from "./apiSession";

/** A ConfigMap of the prober's own, that it reads, writes and watches. */
export interface Canary {
    readonly name: string;
    /** Path of the object. */
    readonly path: string;
    /** Path of its collection, for watching. */
    readonly collection: string;
    /** Deletes it; true when it is gone. */
    remove(): Promise<boolean>;
}

/** Setting up and clearing away may take this long, in milliseconds: longer than a request that is measured. */
const SETUP_TIME = 10_000;

/** Makes the object under a name of its own, so that probers beside each other do not meet. @throws Error saying why not */
export async function makeCanary(session: ApiSession, namespace: string): Promise<Canary> {
    const name = `quorate-probe-${randomBytes(4).toString("hex")}`;
    const collection = `/api/v1/namespaces/${namespace}/configmaps`;
    const path = `${collection}/${name}`;
    const headers = { ...session.headers, "content-type": "application/json" };
    const labels = { "app.kubernetes.io/name": "quorate-probe", "app.kubernetes.io/managed-by": "quorate" };
    const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels }, data: {} });
    const made = await once({ ...session, headers, method: "POST", path: collection, body });
    if (made.status !== 201) {
        throw new Error(
            `the probe's ConfigMap ${namespace}/${name} could not be made at ${session.host}:${session.port}: ${why(made)}; check \`quorate status\` and the kubeconfig's rights, or leave the API out with --no-api`,
        );
    }
    return {
        name,
        path,
        collection,
        async remove() {
            const gone = await once({ ...session, method: "DELETE", path });
            return gone.status === 200 || gone.status === 404;
        },
    };
}

function once(ask: Ask): Promise<Exchange> {
    return exchange(ask, false, preciseNow() + SETUP_TIME);
}

function why({ error, detail, status, body }: Exchange): string {
    return error === null ? `HTTP ${status} ${body.slice(0, 200).trim()}` : `${error}: ${detail}`;
}
