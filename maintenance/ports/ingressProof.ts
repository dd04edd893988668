import { NetworkingV1Api, type V1Ingress } from "@kubernetes/client-node";
import { Duration } from "../../model/duration";
import type { ClusterInventory } from "../../model/inventory";
import type { IngressRoute, Proof } from "../actions/reboot/rebootPorts";
import { errorLine } from "../workflow/errorLine";
import type { ApiCaller } from "./apiCaller";
import { inventoryHost } from "./inventoryHost";
import { execOk, RemoteError, shellQuote, type Remote } from "./remote";

/** Good answers in a row that let a host back in; each on a new connection. */
const ANSWERS = 20;
const TIMEOUT = Duration.seconds(60);

/** What the proof needs beside SSH. */
export interface IngressProofOptions {
    readonly inventory: ClusterInventory;
    readonly route: IngressRoute | undefined;
    readonly api: ApiCaller;
}

/** Where and what is asked. */
export interface IngressTarget {
    readonly url: string;
    /** `address:port` that is dialled, whatever the URL says. */
    readonly through: string;
    /** The same ingress port of another host, which says what the answer should be; undefined for a route of the user's. */
    readonly reference: string | undefined;
}

/**
 * Asks a balancer host to send real requests to the ingress ports of one host (TRAPS 63). A route of the user's must answer
 * below 400. Without one, a route of some Ingress is asked for, and must answer as it does through another host; its 404 may
 * be the application's own.
 */
export async function ingressProof(remote: Remote, options: IngressProofOptions, host: string): Promise<Proof> {
    const route = options.route ?? (await someRoute(options.api));
    const targets = ingressTargets(options.inventory, host, route, options.route !== undefined);
    const failures: string[] = [];
    for (const balancer of options.inventory.loadBalancers) {
        try {
            const on = inventoryHost(options.inventory, balancer.host);
            const script = ingressScript(targets);
            const what = `asking the ingress of ${host}`;
            const output = (await execOk(remote, on, script, { timeout: TIMEOUT, what })).trim();
            return {
                passed: output === "",
                seen: output || `${targets.map(({ url }) => url).join(" and ")} answered ${ANSWERS} times in a row`,
            };
        } catch (error) {
            if (!(error instanceof RemoteError)) throw error;
            failures.push(errorLine(error));
        }
    }
    throw new Error(`no load balancer can ask the ingress of ${host}: ${failures.join("; ")}`);
}

/** The host's servers in the ingress backends, each with the way to ask it. */
export function ingressTargets(
    { loadBalancers: [balancer] }: ClusterInventory,
    host: string,
    route: IngressRoute | undefined,
    isGiven: boolean,
): IngressTarget[] {
    const ingress = balancer?.backends.filter(({ purpose }) => purpose === "ingress") ?? [];
    return ingress.flatMap(({ protocol, servers }) => {
        const own = servers.find((server) => server.name === host);
        if (own === undefined) return [];
        const isTls = protocol === "tcp";
        const other = servers.find((server) => server.name !== host);
        const authority = route?.hostHeader ?? `${own.address}:${own.port}`;
        return [
            {
                url: `${isTls === true ? "https" : "http"}://${authority}${route?.path ?? "/"}`,
                through: `${own.address}:${own.port}`,
                reference: isGiven || other === undefined ? undefined : `${other.address}:${other.port}`,
            },
        ];
    });
}

/** Prints the first answer that is not good and stops there; prints nothing when all were good. */
export function ingressScript(targets: readonly IngressTarget[]): string {
    const asks = targets.map(
        ({ url, through, reference }) => `prove ${[url, through, reference ?? ""].map(shellQuote).join(" ")}`,
    );
    return `ask() {
    curl --silent --insecure --max-time 2 --output /dev/null --write-out '%{http_code}' --connect-to "::$2" "$1"
}
prove() {
    expected=
    [ -z "$3" ] || expected=$(ask "$1" "$3")
    [ "$expected" != 000 ] || expected=
    for _ in $(seq ${ANSWERS}); do
        code=$(ask "$1" "$2")
        if [ -n "$expected" ]; then
            [ "$code" = "$expected" ] && continue
            echo "$1 through $2 says $code, through $3 $expected"
        else
            [ "$code" -ge 100 ] && [ "$code" -lt 400 ] && continue
            echo "$1 through $2 says $code"
        fi
        exit 0
    done
}
${asks.join("\n")}`;
}

/** A route that some Ingress has, so that the proxy must have read its routes to answer. */
async function someRoute(api: ApiCaller): Promise<IngressRoute | undefined> {
    const list = await api.call(NetworkingV1Api, (networking, o) => networking.listIngressForAllNamespaces({}, o));
    return list.items.flatMap(routesOf)[0];
}

function routesOf({ spec }: V1Ingress): IngressRoute[] {
    return (spec?.rules ?? [])
        .filter(({ host }) => host !== undefined && !host.startsWith("*"))
        .map(({ host, http }) => ({ hostHeader: host, path: http?.paths[0]?.path ?? "/" }))
        .filter(({ path }) => path.startsWith("/"));
}
