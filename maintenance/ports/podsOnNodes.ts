import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import type { ApiCaller } from "./apiCaller";

/** All pods on these nodes, by one request. */
export async function podsOnNodes(api: ApiCaller, nodes: readonly string[]): Promise<V1Pod[]> {
    const [only, ...others] = nodes;
    if (only === undefined) return [];
    const query = others.length === 0 ? { fieldSelector: `spec.nodeName=${only}` } : {};
    const { items } = await api.call(CoreV1Api, (core, o) => core.listPodForAllNamespaces(query, o));
    return items.filter(({ spec }) => nodes.includes(spec?.nodeName ?? ""));
}
