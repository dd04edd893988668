import type { V1Container, V1OwnerReference, V1Pod } from "@kubernetes/client-node";
import type { Resources } from "../actions/reboot/rebootPorts";
import { parseQuantity } from "../../model/quantity";

/** On a pod that kubelet has made from a file: the API only mirrors it. */
const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";
/** On a cordoned node, without a value (kubernetes.io/docs/reference/labels-annotations-taints). */
export const CORDON_TAINT = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/** What controls the pod, if anything does. */
export function controllerOf(pod: V1Pod): V1OwnerReference | undefined {
    return pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
}

/** Whether the pod belongs to its node and not to a drain: a DaemonSet's or a static one (TRAPS 35). */
export function belongsToNode(pod: V1Pod): boolean {
    return isMirror(pod) || controllerOf(pod)?.kind === "DaemonSet";
}

/** Whether kubelet runs the pod from a file. */
export function isMirror(pod: V1Pod): boolean {
    return MIRROR_ANNOTATION in (pod.metadata?.annotations ?? {});
}

/** Whether the scheduler puts the pod on a cordoned node as on any other: an empty key or effect stands for all of them. */
export function toleratesCordon({ spec }: V1Pod): boolean {
    return (spec?.tolerations ?? []).some(
        ({ key = "", operator = "Equal", value = "", effect = "" }) =>
            ["", CORDON_TAINT.key].includes(key) &&
            ["", CORDON_TAINT.effect].includes(effect) &&
            (operator === "Exists" || (operator === "Equal" && value === "")),
    );
}

/**
 * Whether kubelet has ended the pod, or turned it away, because its node was shutting down
 * (kubernetes.io/docs/concepts/cluster-administration/node-shutdown).
 */
export function isEndedByShutdown({ status }: V1Pod): boolean {
    return status?.phase === "Failed" && ["Terminated", "NodeShutdown"].includes(status.reason ?? "");
}

/** Whether the pod has come to its end and holds nothing any more. */
export function isFinished({ status }: V1Pod): boolean {
    return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** Whether traffic may go to it. */
export function isReady({ status }: V1Pod): boolean {
    return status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") === true;
}

/**
 * What the scheduler counts for a pod: its containers and sidecars together, or its largest init container if that is more,
 * and the runtime's overhead (kubernetes.io/docs/concepts/workloads/pods/init-containers, resource sharing).
 */
export function requestsOf({ spec }: V1Pod): Resources {
    const overhead = readResources(spec?.overhead);
    const running = (spec?.containers ?? []).map(containerRequests).reduce(sum, NOTHING);
    let sidecars = NOTHING;
    let starting = NOTHING;
    for (const container of spec?.initContainers ?? []) {
        const requests = containerRequests(container);
        if (container.restartPolicy === "Always") sidecars = sum(sidecars, requests);
        starting = most(starting, container.restartPolicy === "Always" ? sidecars : sum(sidecars, requests));
    }
    return sum(most(sum(running, sidecars), starting), overhead);
}

/** Adds resources up. */
export function sum(one: Resources, other: Resources): Resources {
    return { cpu: one.cpu + other.cpu, memory: one.memory + other.memory };
}

/** CPU in thousandths, memory in bytes, as `requests`, `allocatable` and `overhead` have them. */
export function readResources(list: Readonly<Record<string, string>> | undefined): Resources {
    return {
        cpu: Math.round(parseQuantity(list?.["cpu"] ?? "0") * 1000),
        memory: Math.round(parseQuantity(list?.["memory"] ?? "0")),
    };
}

/** No resources at all. */
export const NOTHING: Resources = { cpu: 0, memory: 0 };

function containerRequests({ resources }: V1Container): Resources {
    return readResources(resources?.requests);
}

function most(one: Resources, other: Resources): Resources {
    return { cpu: Math.max(one.cpu, other.cpu), memory: Math.max(one.memory, other.memory) };
}
