import { bringsText, bringsUnknownText, hostOf } from "../graph/commands";
import { nameOf } from "../graph/resource";
import { apiBackends } from "./apiBackends";
import { stackRule } from "./rule";

/**
 * Says nothing about a stack without a balancer of its own: the API may stand behind somebody else's. Nor while texts are
 * unknown, which may bring the second one.
 */
export const twoLoadBalancers = stackRule({
    name: "two-load-balancers",
    wants: "The API servers stand behind at least two load balancers.",
    why: "A single balancer is a single point of failure: while it is gone every worker turns NotReady.",
    source: {
        title: "kubeadm: load balancing considerations",
        url: "https://github.com/kubernetes/kubeadm/blob/main/docs/ha-considerations.md",
    },
    advice: "Add a second host with the same HAProxy configuration, and keepalived to move the address between them.",
    level: "mandatory",
    severity: "high",
    settings: { minimum: { default: 2, minimum: 1, means: "load balancers" } },
    concerns: bringsText,
    check: (resources, { minimum }) => {
        const sources = apiBackends(resources).map(({ source }) => source.resource);
        const hosts = new Set(sources.map(hostOf));
        const [first] = sources;
        if (first === undefined || hosts.size >= minimum || resources.some(bringsUnknownText)) return [];
        return [
            {
                resource: first,
                message: `${nameOf(first)}: puts the API servers behind HAProxy on ${hosts.size} host${hosts.size === 1 ? "" : "s"}; expected are ${minimum} or more. Add a second host with the same configuration`,
            },
        ];
    },
});
