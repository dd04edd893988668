import { AppsV1Api, DiscoveryV1Api, type V1DaemonSet, type V1EndpointSlice, type V1Pod } from "@kubernetes/client-node";
import type { OwnDaemonSet, OwnWork } from "../actions/reboot/rebootPorts";
import type { ApiCaller } from "./apiCaller";
import { belongsToNode, controllerOf, isFinished, isMirror, isReady } from "./podView";

/** What runs on a node by itself. @param pods all pods on the node */
export async function ownWork(api: ApiCaller, pods: readonly V1Pod[]): Promise<OwnWork> {
    const own = livingOwn(pods);
    const uids = new Set(own.map((pod) => controllerOf(pod)?.uid));
    return {
        daemonSets: (await daemonSets(api)).filter(({ uid }) => uids.has(uid)),
        staticPods: own.filter(isMirror).map(nameOf),
        containers: own.flatMap(containerIds),
    };
}

/**
 * What of a node's own pods is missing or does not serve: DaemonSet and static pods, and their endpoints (TRAPS 33, 64).
 * @param pods all pods on the node
 * @param before what ran there before a reboot
 */
export async function unreadyWork(api: ApiCaller, pods: readonly V1Pod[], before?: OwnWork): Promise<string[]> {
    const own = livingOwn(pods);
    const memories = new Set(before?.containers);
    const unready = [...endedWithoutSuccessor(pods, own), ...own.flatMap((pod) => whyUnready(pod, memories))];
    if (unready.length > 0) return unready;
    const namespaces = [...new Set(own.map(({ metadata }) => metadata?.namespace ?? ""))];
    const slices = await Promise.all(namespaces.map((namespace) => endpointSlices(api, namespace)));
    return unreadyEndpoints(slices.flat(), own);
}

/**
 * What ran there before a reboot and does not now. A DaemonSet that was deleted or changed meanwhile may not want the node any
 * more, and is left out.
 * @param pods all pods on the node
 */
export async function absentWork(api: ApiCaller, pods: readonly V1Pod[], before: OwnWork): Promise<string[]> {
    const own = livingOwn(pods);
    const uids = new Set(own.map((pod) => controllerOf(pod)?.uid));
    const gone = before.daemonSets.filter(({ uid }) => !uids.has(uid));
    const asBefore = new Set((gone.length === 0 ? [] : await daemonSets(api)).map(version));
    const mirrors = new Set(own.filter(isMirror).map(nameOf));
    return [
        ...gone.filter((set) => asBefore.has(version(set))).map(({ name }) => `DaemonSet ${name} has no pod there`),
        ...before.staticPods.filter((pod) => !mirrors.has(pod)).map((pod) => `${pod} is not there`),
    ];
}

/** The endpoint slices of a namespace. */
export async function endpointSlices(api: ApiCaller, namespace: string): Promise<V1EndpointSlice[]> {
    const list = await api.call(DiscoveryV1Api, (discovery, options) =>
        discovery.listNamespacedEndpointSlice({ namespace }, options),
    );
    return list.items;
}

function livingOwn(pods: readonly V1Pod[]): V1Pod[] {
    return pods.filter((pod) => belongsToNode(pod) && !isFinished(pod));
}

/** A pod that has ended is not there, until its DaemonSet has made another. */
function endedWithoutSuccessor(pods: readonly V1Pod[], own: readonly V1Pod[]): string[] {
    const replaced = new Set(own.map(sameWork));
    return pods
        .filter((pod) => belongsToNode(pod) && isFinished(pod) && !replaced.has(sameWork(pod)))
        .map((pod) => `${nameOf(pod)} has ended`);
}

async function daemonSets(api: ApiCaller): Promise<OwnDaemonSet[]> {
    const { items } = await api.call(AppsV1Api, (apps, o) => apps.listDaemonSetForAllNamespaces({}, o));
    return items.map((set) => ({
        name: nameOf(set),
        uid: set.metadata?.uid ?? "",
        generation: set.metadata?.generation ?? 0,
    }));
}

function version({ uid, generation }: OwnDaemonSet): string {
    return `${uid} ${generation}`;
}

/** Equal for the pods of a DaemonSet on a node; static pods have their names for themselves. */
function sameWork(pod: V1Pod): string | undefined {
    return isMirror(pod) ? nameOf(pod) : controllerOf(pod)?.uid;
}

function nameOf({ metadata }: V1Pod | V1DaemonSet): string {
    return `${metadata?.namespace}/${metadata?.name}`;
}

function containerIds({ status }: V1Pod): string[] {
    return (status?.containerStatuses ?? []).flatMap(({ containerID }) => containerID ?? []);
}

/** Ready is not enough: until kubelet has looked again, a pod shows the containers of before the boot. */
function whyUnready(pod: V1Pod, memories: ReadonlySet<string>): string[] {
    const name = nameOf(pod);
    if (pod.metadata?.deletionTimestamp !== undefined) return [`${name} is being replaced`];
    if (containerIds(pod).some((id) => memories.has(id))) return [`${name} shows its state of before the boot`];
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
