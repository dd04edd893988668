import { NetworkingV1Api, type V1Ingress } from "@kubernetes/client-node";
import type { IngressRoute } from "../actions/reboot/rebootPorts";
import type { ApiCaller } from "./apiCaller";

/** Enough to find one among Ingresses of other proxies and paths of no application, few enough to be asked in seconds. */
const MAX_ROUTES = 20;

/**
 * Different routes that the Ingresses have: the first of each Ingress before further ones, with a host's name before without.
 * Whether this proxy serves them is not known: they may be of another class, and their paths expressions.
 */
export async function ingressRoutes(api: ApiCaller): Promise<IngressRoute[]> {
    const list = await api.call(NetworkingV1Api, (networking, o) => networking.listIngressForAllNamespaces({}, o));
    const ranked = list.items.flatMap((ingress) => routesOf(ingress).map((route, rank) => ({ route, rank })));
    const sorted = ranked.sort((left, right) => left.rank - right.rank).map(({ route }) => route);
    const named = sorted.filter(({ hostHeader }) => hostHeader !== undefined);
    const all = [...named, ...sorted.filter(({ hostHeader }) => hostHeader === undefined)];
    const different = new Map(all.map((route) => [`${route.hostHeader ?? ""}${route.path}`, route]));
    return [...different.values()].slice(0, MAX_ROUTES);
}

/** A name that stands for many becomes one of them. */
function routesOf({ spec }: V1Ingress): IngressRoute[] {
    return (spec?.rules ?? [])
        .flatMap(({ host, http }) =>
            (http?.paths ?? [{ path: "/" }]).map(({ path = "/" }) => ({
                hostHeader: host?.replace(/^\*/, "any"),
                path,
            })),
        )
        .filter(({ path }) => path.startsWith("/"));
}
