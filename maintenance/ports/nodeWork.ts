import { DiscoveryV1Api, type V1EndpointSlice, type V1Pod } from "@kubernetes/client-node";
import type { ApiCaller } from "./apiCaller";
import { belongsToNode, controllerOf, isFinished, isMirror, isReady } from "./podView";

/**
 * What of a node's own pods does not serve since its boot: DaemonSet and static pods, and their endpoints (TRAPS 33, 64).
 * @param pods all pods on the node
 * @param since beginning of the boot
 */
export async function unreadyWork(api: ApiCaller, pods: readonly V1Pod[], since: Date): Promise<string[]> {
    const all = pods.filter(belongsToNode);
    const own = all.filter((pod) => !isFinished(pod));
    const unready = [...withoutSuccessor(all.filter(isFinished), own), ...own.flatMap((pod) => whyUnready(pod, since))];
    if (unready.length > 0) return unready;
    const namespaces = [...new Set(own.map(({ metadata }) => metadata?.namespace ?? ""))];
    const slices = await Promise.all(namespaces.map((namespace) => endpointSlices(api, namespace)));
    return unreadyEndpoints(slices.flat(), own);
}

/** The endpoint slices of a namespace. */
export async function endpointSlices(api: ApiCaller, namespace: string): Promise<V1EndpointSlice[]> {
    const list = await api.call(DiscoveryV1Api, (discovery, options) =>
        discovery.listNamespacedEndpointSlice({ namespace }, options),
    );
    return list.items;
}

/** A pod that has ended is not there, until its DaemonSet has made another. */
function withoutSuccessor(finished: readonly V1Pod[], own: readonly V1Pod[]): string[] {
    const replaced = new Set(own.map((pod) => sameWork(pod)));
    return finished.filter((pod) => !replaced.has(sameWork(pod))).map((pod) => `${nameOf(pod)} has ended`);
}

/** Equal for the pods of a DaemonSet on a node; static pods have their names for themselves. */
function sameWork(pod: V1Pod): string | undefined {
    return isMirror(pod) ? nameOf(pod) : controllerOf(pod)?.uid;
}

function nameOf({ metadata }: V1Pod): string {
    return `${metadata?.namespace}/${metadata?.name}`;
}

/** Ready is not enough: until kubelet has looked again, a pod shows the state of before the boot. */
function whyUnready(pod: V1Pod, since: Date): string[] {
    const name = nameOf(pod);
    if (pod.metadata?.deletionTimestamp !== undefined) return [`${name} is being replaced`];
    const started = (pod.status?.containerStatuses ?? []).map(({ state }) => state?.running?.startedAt);
    if (started.some((at) => at !== undefined && new Date(at) < since))
        return [`${name} shows its state of before the boot`];
    return isReady(pod) ? [] : [`${name} is not ready`];
}

function unreadyEndpoints(slices: readonly V1EndpointSlice[], pods: readonly V1Pod[]): string[] {
    const uids = new Set(pods.map(({ metadata }) => metadata?.uid));
    return slices.flatMap(({ metadata, endpoints }) =>
        (endpoints ?? [])
            .filter(({ targetRef, conditions }) => uids.has(targetRef?.uid) && conditions?.ready === false)
            .map(({ targetRef }) => `${metadata?.namespace}/${targetRef?.name} is no ready endpoint yet`),
    );
}
