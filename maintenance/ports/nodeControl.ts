import { CoreV1Api, StorageV1Api, type V1Node, type V1Pod, type V1Taint } from "@kubernetes/client-node";
import type { NodeControl, NodeView } from "../actions/reboot/rebootPorts";
import { ApiError, CONFLICT, orUndefined, type ApiCaller } from "./apiCaller";
import { nodeFacts } from "./kubernetes";
import { absentWork, ownWork, unreadyWork } from "./nodeWork";
import { podsOnNodes } from "./podsOnNodes";
import { deletePod } from "./podDeletion";
import {
    CORDON_TAINT,
    NOTHING,
    belongsToNode,
    isEndedByShutdown,
    isFinished,
    isMirror,
    readResources,
    requestsOf,
    sum,
} from "./podView";

/** On a node that a run has cordoned: the run's id (TRAPS 36). */
export const CORDONED_BY = "quorate.dev/cordoned-by-run";

/** On nodes whose reboot is still to come, so that the scheduler prefers the others. */
export const AVOIDED_TAINT = "quorate.dev/reboot-pending";

/**
 * Of a node whose kubelet or network is down. The node lifecycle controller takes the NoExecute ones off when it looks at its nodes
 * again, every 5 s (`--node-monitor-period`): pods that do not tolerate them are not scheduled there before, or are put out again.
 */
const NOT_READY_TAINTS: ReadonlySet<string> = new Set([
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
    "node.kubernetes.io/network-unavailable",
]);

const MERGE_PATCH = { contentType: "application/merge-patch+json" };
/** Kubelet and controllers write to nodes as well; a write that met another is done again on what is there now. */
const PATCH_ATTEMPTS = 10;

/** Nodes over the Kubernetes API. */
export function openNodeControl(api: ApiCaller): NodeControl {
    const read = (name: string) => orUndefined(api.call(CoreV1Api, (core, o) => core.readNode({ name }, o)));
    /** Changes what `change` returns, on the node as it is at that moment; nothing when it returns nothing. */
    const patch = async (name: string, change: (node: V1Node) => object | undefined): Promise<void> => {
        for (let attempt = 1; ; attempt++) {
            const node = await api.call(CoreV1Api, (core, o) => core.readNode({ name }, o));
            const wanted = change(node);
            if (wanted === undefined) return;
            const body = { ...wanted, metadata: { ...metadataOf(wanted), resourceVersion: resourceVersion(node) } };
            try {
                await api.call(CoreV1Api, (core, o) => core.patchNode({ name, body }, o), MERGE_PATCH);
                return;
            } catch (error) {
                const met = error instanceof ApiError && error.code === CONFLICT;
                if (!met || attempt === PATCH_ATTEMPTS) throw error;
            }
        }
    };
    /** The same; a node that was deleted has nothing that could be put back. */
    const patchIfThere = (...args: Parameters<typeof patch>) => orUndefined(patch(...args));
    return {
        async list() {
            const [nodes, pods] = await Promise.all([
                api.call(CoreV1Api, (core, o) => core.listNode({}, o)),
                api.call(CoreV1Api, (core, o) => core.listPodForAllNamespaces({}, o)),
            ]);
            const byNode = new Map<string | undefined, V1Pod[]>();
            for (const pod of pods.items) {
                const node = pod.spec?.nodeName;
                byNode.set(node, [...(byNode.get(node) ?? []), pod]);
            }
            return nodes.items.map((node) => nodeView(node, byNode.get(node.metadata?.name) ?? []));
        },
        async node(name) {
            const [node, pods] = await Promise.all([read(name), podsOnNodes(api, [name])]);
            return node === undefined ? undefined : nodeView(node, pods);
        },
        cordon: (name, runId) =>
            patch(name, (node) =>
                node.spec?.unschedulable === true
                    ? undefined
                    : { metadata: { annotations: { [CORDONED_BY]: runId } }, spec: { unschedulable: true } },
            ),
        // The node lifecycle controller takes the taint off after the cordon, once, and not again when another write to the node
        // was faster; a node is open at once when both go together.
        uncordon: (name, runId) =>
            patchIfThere(name, (node) =>
                node.metadata?.annotations?.[CORDONED_BY] === runId
                    ? {
                          metadata: { annotations: { [CORDONED_BY]: null } },
                          spec: { unschedulable: false, taints: taintsBut(node, CORDON_TAINT.key) },
                      }
                    : undefined,
            ),
        async setAvoided(names, avoided) {
            await Promise.all(names.map((name) => patchIfThere(name, (node) => taintPatch(node, avoided))));
        },
        async removeEnded(name) {
            const ended = (await podsOnNodes(api, [name])).filter(
                (pod) => belongsToNode(pod) && !isMirror(pod) && isEndedByShutdown(pod),
            );
            const pods = ended.map(({ metadata }) => ({
                namespace: metadata?.namespace ?? "",
                name: metadata?.name ?? "",
                uid: metadata?.uid ?? "",
            }));
            await Promise.all(pods.map((pod) => deletePod(api, pod)));
            return pods.map((pod) => `${pod.namespace}/${pod.name}`);
        },
        async volumesAttached(name) {
            const [node, attachments] = await Promise.all([
                read(name),
                api.call(StorageV1Api, (storage, o) => storage.listVolumeAttachment({}, o)),
            ]);
            const inStatus = node?.status?.volumesAttached?.map((volume) => volume.name) ?? [];
            const attached = attachments.items
                .filter(({ spec }) => spec.nodeName === name)
                .map(({ metadata, spec }) => spec.source.persistentVolumeName ?? metadata?.name ?? "");
            return [...new Set([...inStatus, ...attached])];
        },
        ownWork: async (name) => ownWork(api, await podsOnNodes(api, [name])),
        absentWork: async (name, before) => absentWork(api, await podsOnNodes(api, [name]), before),
        unreadyWork: async (name, before) => unreadyWork(api, await podsOnNodes(api, [name]), before),
    };
}

/** A node in our words, with the pods on it. */
export function nodeView(node: V1Node, pods: readonly V1Pod[]): NodeView {
    const { name, ready, notReadyReason, cordoned } = nodeFacts(node);
    return {
        name,
        ready,
        notReadyReason,
        cordoned,
        cordonedByRun: cordoned ? node.metadata?.annotations?.[CORDONED_BY] : undefined,
        notReadyTaints: (node.spec?.taints ?? []).map(({ key }) => key).filter((key) => NOT_READY_TAINTS.has(key)),
        avoided: node.spec?.taints?.some(({ key }) => key === AVOIDED_TAINT) === true,
        bootId: node.status?.nodeInfo?.bootID ?? "",
        allocatable: readResources(node.status?.allocatable),
        requested: pods
            .filter((pod) => !isFinished(pod))
            .map(requestsOf)
            .reduce(sum, NOTHING),
    };
}

function taintPatch(node: V1Node, avoided: boolean): object | undefined {
    const others = taintsBut(node, AVOIDED_TAINT);
    if (avoided === others.length < (node.spec?.taints ?? []).length) return undefined;
    const ours = avoided ? [{ key: AVOIDED_TAINT, effect: "PreferNoSchedule" }] : [];
    return { spec: { taints: [...others, ...ours] } };
}

function taintsBut({ spec }: V1Node, key: string): V1Taint[] {
    return (spec?.taints ?? []).filter((taint) => taint.key !== key);
}

function metadataOf(change: object): object {
    return "metadata" in change ? (change.metadata as object) : {};
}

function resourceVersion({ metadata }: V1Node): string | undefined {
    return metadata?.resourceVersion;
}
