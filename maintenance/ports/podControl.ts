import { CoreV1Api, PolicyV1Api, type V1Eviction, type V1Pod } from "@kubernetes/client-node";
import { DRAIN_LABEL, STORAGE_FIRST } from "../../model/drainLabel";
import type { BudgetView, EvictablePod, EvictedPod, EvictionResult, PodControl } from "../actions/reboot/rebootPorts";
import { selects } from "./labelSelector";
import { ApiError, type ApiCaller } from "./apiCaller";
import { endpointSlices } from "./nodeWork";
import { deletePod, isGone } from "./podDeletion";
import { belongsToNode, isFinished, requestsOf, toleratesCordon } from "./podView";
import { ownerNames, shortOwners } from "./podOwners";
import { podsOnNodes } from "./podsOnNodes";

/** The budget, or the server itself, says "later". */
const TOO_MANY_REQUESTS = 429;
/** What an eviction answers for a pod with more than one budget. */
const INTERNAL_ERROR = 500;

/** Pods and their budgets over the Kubernetes API. */
export function openPodControl(api: ApiCaller): PodControl {
    return {
        async evictable(nodes) {
            const pods = (await podsOnNodes(api, nodes)).filter((pod) => !belongsToNode(pod) && !isFinished(pod));
            const owners = await ownerNames(api, pods);
            return pods.map((pod, index) => evictablePod(pod, owners[index] ?? ""));
        },
        budgets: () => budgets(api),
        evict: (pod, { dryRun }) => evict(api, pod, dryRun),
        delete: (pod) => deletePod(api, pod),
        async unsettled(evicted) {
            const [named, short] = await Promise.all([endpointsNaming(api, evicted), shortOwners(api, evicted)]);
            return [...named, ...short];
        },
    };
}

function evictablePod(pod: V1Pod, owner: string): EvictablePod {
    const labels = pod.metadata?.labels ?? {};
    const hasVolume = pod.spec?.volumes?.some(
        ({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim !== undefined || ephemeral !== undefined,
    );
    return {
        namespace: pod.metadata?.namespace ?? "",
        name: pod.metadata?.name ?? "",
        uid: pod.metadata?.uid ?? "",
        node: pod.spec?.nodeName ?? "",
        owner,
        storage: hasVolume === true || labels[DRAIN_LABEL] === STORAGE_FIRST,
        toleratesCordon: toleratesCordon(pod),
        started: pod.status?.startTime !== undefined,
        requests: requestsOf(pod),
    };
}

/** All of the cluster, or of one namespace. */
async function budgets(api: ApiCaller, within?: string): Promise<BudgetView[]> {
    const { items } = await api.call(PolicyV1Api, (policy, o) =>
        within === undefined
            ? policy.listPodDisruptionBudgetForAllNamespaces({}, o)
            : policy.listNamespacedPodDisruptionBudget({ namespace: within }, o),
    );
    const namespaces = [...new Set(items.map(({ metadata }) => metadata?.namespace ?? ""))];
    const podsOf = new Map(
        await Promise.all(
            namespaces.map(async (namespace) => {
                const list = await api.call(CoreV1Api, (core, o) => core.listNamespacedPod({ namespace }, o));
                return [namespace, list.items] as const;
            }),
        ),
    );
    return items.map(({ metadata, spec, status }) => {
        const { matchLabels = {}, matchExpressions = [] } = spec?.selector ?? {};
        const expressions = matchExpressions.map(({ key, operator, values = [] }) => ({ key, operator, values }));
        const namespace = metadata?.namespace ?? "";
        return {
            namespace,
            name: metadata?.name ?? "",
            disruptionsAllowed: status?.disruptionsAllowed ?? 0,
            pods: (podsOf.get(namespace) ?? [])
                .filter((pod) => selects({ matchLabels, matchExpressions: expressions }, pod.metadata?.labels ?? {}))
                .map((pod) => pod.metadata?.uid ?? ""),
        };
    });
}

/**
 * One attempt with Eviction v1 (kubernetes.io/docs/concepts/scheduling-eviction/api-eviction). The uid keeps a namesake that
 * has come since, such as a StatefulSet's, from being evicted in its place.
 */
async function evict(api: ApiCaller, pod: EvictablePod, dryRun: boolean): Promise<EvictionResult> {
    const { namespace, name, uid } = pod;
    const body: V1Eviction = {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { namespace, name },
        deleteOptions: { preconditions: { uid }, ...(dryRun ? { dryRun: ["All"] } : {}) },
    };
    const query = { namespace, name, body, ...(dryRun ? { dryRun: "All" } : {}) };
    try {
        await api.call(CoreV1Api, (core, o) => core.createNamespacedPodEviction(query, o));
        return { kind: "evicted" };
    } catch (error) {
        if (isGone(error)) return { kind: "gone" };
        if (!(error instanceof ApiError) || ![TOO_MANY_REQUESTS, INTERNAL_ERROR].includes(error.code)) throw error;
        const said = error.causes.find(({ reason }) => reason === "DisruptionBudget")?.message;
        const reason = said ?? error.reason;
        return { kind: "blocked", budget: await blockingBudgets(api, pod, reason), reason };
    }
}

/** The budget that the server names, or those that select the pod and have nothing left to give. */
async function blockingBudgets(api: ApiCaller, { namespace, uid }: EvictablePod, reason: string): Promise<string> {
    const named = /disruption budget (\S+)/i.exec(reason)?.[1];
    const selecting = (await budgets(api, namespace)).filter(({ pods }) => pods.includes(uid));
    const known = selecting.filter(({ name }) => name === named);
    const exhausted = selecting.filter(({ disruptionsAllowed }) => disruptionsAllowed === 0);
    const overlapping = selecting.length > 1 ? selecting : exhausted;
    return (known.length > 0 ? known : overlapping).map(({ name }) => `${namespace}/${name}`).join(" and ");
}

/** Endpoints that still send traffic to a pod that was evicted (TRAPS 65), and not to a StatefulSet's new one of its name. */
async function endpointsNaming(api: ApiCaller, evicted: readonly EvictedPod[]): Promise<string[]> {
    const known = evicted.filter(({ uid }) => uid !== undefined);
    const namespaces = [...new Set(known.map(({ namespace }) => namespace))];
    const slices = await Promise.all(namespaces.map((namespace) => endpointSlices(api, namespace)));
    const uids = new Set(known.map(({ uid }) => uid));
    return slices
        .flat()
        .flatMap(({ metadata: { namespace, name } = {}, endpoints }) =>
            (endpoints ?? [])
                .filter(({ targetRef }) => targetRef?.uid !== undefined && uids.has(targetRef.uid))
                .map(({ targetRef }) => `${namespace}/${targetRef?.name} is still an endpoint of ${name}`),
        );
}
