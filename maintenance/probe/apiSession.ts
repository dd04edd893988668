import type { RequestOptions } from "node:https";
import { createSecureContext } from "node:tls";
import { ConfigError } from "../../model/configError";
import type { ClusterAccess } from "../ports/kubeconfig";
import type { Ask } from "./exchange";

/** What every request to the API has in common: address, trust, credentials. */
export type ApiSession = Pick<
    Ask,
    "secure" | "host" | "port" | "headers" | "servername" | "secureContext" | "rejectUnauthorized"
>;

/**
 * Credentials of the kubeconfig for one address of the API. A token from a credential plugin is taken once, at the start.
 * @throws ConfigError when the address is none that clients could dial
 */
export async function apiSession(access: ClusterAccess, server = access.server): Promise<ApiSession> {
    const url = new URL(server);
    if (url.protocol !== "https:") {
        throw new ConfigError("kubeconfig", [
            { path: "clusters[].cluster.server", message: `${server} is no https:// address; write the endpoint's` },
        ]);
    }
    const options: RequestOptions = {};
    await access.configFor(server).applyToHTTPSOptions(options);
    const { ca, cert, key, servername, rejectUnauthorized } = options;
    return {
        secure: true,
        host: url.hostname.replace(/^\[|\]$/g, ""),
        port: Number(url.port || 443),
        headers: stringHeaders(options),
        secureContext: createSecureContext({ ca, cert, key }),
        ...(servername !== undefined && { servername }),
        ...(rejectUnauthorized === false && { rejectUnauthorized }),
    };
}

function stringHeaders({ headers, auth }: RequestOptions): Record<string, string> {
    const basic = auth ? { authorization: `Basic ${Buffer.from(auth).toString("base64")}` } : {};
    const given = Object.entries((headers ?? {}) as Record<string, unknown>);
    return {
        accept: "application/json",
        ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
        ...basic,
    };
}
