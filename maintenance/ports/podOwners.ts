import { AppsV1Api, CoreV1Api, type V1OwnerReference, type V1Pod } from "@kubernetes/client-node";
import { kindToAwait, type AwaitedKind } from "../actions/reboot/awaitedOwners";
import type { EvictedPod } from "../actions/reboot/rebootPorts";
import { orUndefined, type ApiCaller } from "./apiCaller";
import { controllerOf } from "./podView";

/**
 * The top controller of each pod that can be asked for its pods, for example `Deployment/shop`, otherwise what controls the pod
 * itself; empty for a bare pod. A ReplicaSet of somebody else, such as an Argo Rollout's, says itself what it wants and has. In
 * the order of the pods.
 */
export async function ownerNames(api: ApiCaller, pods: readonly V1Pod[]): Promise<string[]> {
    const controllers = pods.map(controllerOf);
    const sets = controllers.some((controller) => controller?.kind === "ReplicaSet")
        ? (await api.call(AppsV1Api, (apps, options) => apps.listReplicaSetForAllNamespaces({}, options))).items
        : [];
    const parents = new Map(
        sets.map(({ metadata }) => [
            metadata?.uid ?? "",
            label(metadata?.ownerReferences?.find(({ controller }) => controller === true)),
        ]),
    );
    return controllers.map((controller) => {
        const parent = parents.get(controller?.uid ?? "") ?? "";
        return kindToAwait(parent) === undefined ? label(controller) : parent;
    });
}

/** As kubectl writes it: with the group where that is a custom resource's, which has a dot (apiextensions' validation of `group`). */
function label(controller: V1OwnerReference | undefined): string {
    if (controller === undefined) return "";
    const { apiVersion, kind, name } = controller;
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    return `${group.includes(".") ? `${kind}.${group}` : kind}/${name}`;
}

interface Replicated {
    readonly spec?: { readonly replicas?: number };
    readonly status?: { readonly availableReplicas?: number; readonly observedGeneration?: number };
    readonly metadata?: { readonly generation?: number };
}

type Reader = (api: ApiCaller, namespace: string, name: string) => Promise<Replicated>;

const READERS: Readonly<Record<AwaitedKind, Reader>> = {
    Deployment: (api, namespace, name) =>
        api.call(AppsV1Api, (apps, options) => apps.readNamespacedDeployment({ namespace, name }, options)),
    ReplicaSet: (api, namespace, name) =>
        api.call(AppsV1Api, (apps, options) => apps.readNamespacedReplicaSet({ namespace, name }, options)),
    StatefulSet: (api, namespace, name) =>
        api.call(AppsV1Api, (apps, options) => apps.readNamespacedStatefulSet({ namespace, name }, options)),
    ReplicationController: (api, namespace, name) =>
        api.call(CoreV1Api, (core, options) => core.readNamespacedReplicationController({ namespace, name }, options)),
};

/** Owners of evicted pods with fewer available pods than they want, in words (TRAPS 32). One that is gone wants none. */
export async function shortOwners(
    api: ApiCaller,
    evicted: readonly Pick<EvictedPod, "namespace" | "owner">[],
): Promise<string[]> {
    const owners = new Map(evicted.map(({ namespace, owner }) => [`${namespace}/${owner}`, { namespace, owner }]));
    const seen = await Promise.all(
        [...owners.values()].map(async ({ namespace, owner }) => {
            const kind = kindToAwait(owner);
            if (kind === undefined) return [];
            const name = owner.slice(kind.length + 1);
            const found = await orUndefined(READERS[kind](api, namespace, name));
            return found === undefined ? [] : shortage(found, `${kind} ${namespace}/${name}`);
        }),
    );
    return seen.flat();
}

function shortage({ spec, status, metadata }: Replicated, label: string): string[] {
    const wanted = spec?.replicas ?? 1;
    const available = status?.availableReplicas ?? 0;
    if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return [`${label} is being changed`];
    return available < wanted ? [`${label} has ${available} of ${wanted} pods available`] : [];
}
