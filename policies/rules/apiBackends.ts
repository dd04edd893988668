import { hostTexts } from "../graph/commands";
import { type HaproxyBackend, haproxyBackends, leadsToApiServers } from "../graph/haproxy";
import type { GraphResource } from "../graph/resource";

/** The HAProxy backends in front of API servers that resources bring to hosts. */
export function apiBackends(resources: readonly GraphResource[]): readonly HaproxyBackend[] {
    return resources.flatMap(hostTexts).flatMap(haproxyBackends).filter(leadsToApiServers);
}
