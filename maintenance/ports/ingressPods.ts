import type { V1Pod } from "@kubernetes/client-node";
import type { ClusterInventory } from "../../model/inventory";
import type { ApiCaller } from "./apiCaller";
import { podsOnNodes } from "./podsOnNodes";

/** Uids of the pods on a host that answer at its servers in the balancers' ingress backends. */
export async function ingressPods(api: ApiCaller, inventory: ClusterInventory, host: string): Promise<string[]> {
    const ports = ingressPorts(inventory, host);
    if (ports.length === 0) return [];
    const pods = await podsOnNodes(api, [host]);
    return pods
        .filter((pod) => hostPorts(pod).some((port) => ports.includes(port)))
        .flatMap(({ metadata }) => metadata?.uid ?? []);
}

function ingressPorts({ loadBalancers }: ClusterInventory, host: string): number[] {
    return loadBalancers
        .flatMap(({ backends }) => backends.filter(({ purpose }) => purpose === "ingress"))
        .flatMap(({ servers }) => servers.filter(({ name }) => name === host))
        .map(({ port }) => port);
}

/** Ports of its node that a pod takes. */
function hostPorts({ spec }: V1Pod): number[] {
    const ports = spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
    return ports.flatMap(
        ({ hostPort, containerPort }) => hostPort ?? (spec?.hostNetwork === true ? containerPort : []),
    );
}
