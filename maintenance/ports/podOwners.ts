import { AppsV1Api, type V1OwnerReference, type V1Pod } from "@kubernetes/client-node";
import type { EvictedPod } from "../actions/reboot/rebootPorts";
import { orUndefined, type ApiCaller } from "./apiCaller";
import { controllerOf } from "./podView";

/** The top controller of each pod, for example `Deployment/shop`; empty for a bare pod. In the order of the pods. */
export async function ownerNames(api: ApiCaller, pods: readonly V1Pod[]): Promise<string[]> {
    const controllers = pods.map(controllerOf);
    const sets = controllers.some((controller) => controller?.kind === "ReplicaSet")
        ? (await api.call(AppsV1Api, (apps, options) => apps.listReplicaSetForAllNamespaces({}, options))).items
        : [];
    const deployments = new Map(
        sets.map(({ metadata }) => [
            metadata?.uid ?? "",
            metadata?.ownerReferences?.find(({ controller }) => controller === true),
        ]),
    );
    return controllers.map((controller) => label(deployments.get(controller?.uid ?? "") ?? controller));
}

function label(controller: V1OwnerReference | undefined): string {
    return controller === undefined ? "" : `${controller.kind}/${controller.name}`;
}

interface Replicated {
    readonly spec?: { readonly replicas?: number };
    readonly status?: { readonly availableReplicas?: number; readonly observedGeneration?: number };
    readonly metadata?: { readonly generation?: number };
}

type Reader = (api: ApiCaller, namespace: string, name: string) => Promise<Replicated>;

/** Controllers that keep a number of pods; others replace nothing, or not at once. */
const READERS: Readonly<Record<string, Reader>> = {
    Deployment: (api, namespace, name) =>
        api.call(AppsV1Api, (apps, options) => apps.readNamespacedDeployment({ namespace, name }, options)),
    ReplicaSet: (api, namespace, name) =>
        api.call(AppsV1Api, (apps, options) => apps.readNamespacedReplicaSet({ namespace, name }, options)),
    StatefulSet: (api, namespace, name) =>
        api.call(AppsV1Api, (apps, options) => apps.readNamespacedStatefulSet({ namespace, name }, options)),
};

/** Owners of evicted pods with fewer available pods than they want, in words (TRAPS 32). One that is gone wants none. */
export async function shortOwners(
    api: ApiCaller,
    evicted: readonly Pick<EvictedPod, "namespace" | "owner">[],
): Promise<string[]> {
    const owners = new Map(evicted.map(({ namespace, owner }) => [`${namespace}/${owner}`, { namespace, owner }]));
    const seen = await Promise.all(
        [...owners.values()].map(async ({ namespace, owner }) => {
            const [kind = "", name = ""] = owner.split("/");
            const reader = READERS[kind];
            const found = reader === undefined ? undefined : await orUndefined(reader(api, namespace, name));
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
