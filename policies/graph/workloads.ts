import { type GraphResource, type Typed, nameOf } from "./resource";
import { UNKNOWN, type Value, at, count, isAbsent, items, text } from "./value";

/** Where each kind keeps its pods' template. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
    "kubernetes:apps/v1:Deployment": ["spec", "template"],
    "kubernetes:apps/v1:StatefulSet": ["spec", "template"],
    "kubernetes:apps/v1:DaemonSet": ["spec", "template"],
    "kubernetes:apps/v1:ReplicaSet": ["spec", "template"],
    "kubernetes:batch/v1:Job": ["spec", "template"],
    "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template"],
    "kubernetes:core/v1:Pod": [],
};
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const DAEMON_SET = "kubernetes:apps/v1:DaemonSet";

/** The pods that a resource makes. */
export interface Workload {
    readonly resource: GraphResource;
    readonly namespace: Value;
    readonly name: Value;
    readonly labels: Value;
    readonly podSpec: Value;
}

/** A container with the words for it in findings. */
export interface Container {
    readonly name: string;
    readonly value: Value;
}

/** What keeps running: pods of these are evicted by a drain, or come back on their node. */
export function isServiceKind({ type }: Typed): boolean {
    return type === DEPLOYMENT || type === STATEFUL_SET || type === DAEMON_SET;
}

/** What has a number of replicas that a drain moves. */
export function isReplicated({ type }: Typed): boolean {
    return type === DEPLOYMENT || type === STATEFUL_SET;
}

/** Whether pods come of it. */
export function makesPods({ type }: Typed): boolean {
    return type in TEMPLATES;
}

/** The pods of a resource; undefined for one that makes none. */
export function workloadOf(resource: GraphResource): Workload | undefined {
    const place = TEMPLATES[resource.type];
    if (place === undefined) return undefined;
    const template = at(resource.properties, ...place);
    return {
        resource,
        namespace: namespaceOf(resource),
        name: at(resource.properties, "metadata", "name"),
        labels: at(template, "metadata", "labels"),
        podSpec: at(template, "spec"),
    };
}

/** The pods of all resources that make any. */
export function workloadsOf(resources: readonly GraphResource[]): readonly Workload[] {
    return resources.map(workloadOf).filter((workload) => workload !== undefined);
}

/** The namespace that an object lives in. */
export function namespaceOf(resource: GraphResource): Value {
    const namespace = at(resource.properties, "metadata", "namespace");
    return isAbsent(namespace) || namespace === "" ? "default" : namespace;
}

/** The containers that run as long as the pod. */
export function containersOf(podSpec: Value): readonly Container[] {
    return named(podSpec, "containers");
}

/** The same, and those that run before them. */
export function allContainersOf(podSpec: Value): readonly Container[] {
    return [...named(podSpec, "initContainers"), ...named(podSpec, "containers")];
}

/** Containers that say they listen: those whose end somebody may notice. */
export function servingContainers(podSpec: Value): readonly Container[] {
    return containersOf(podSpec).filter(({ value }) => items(at(value, "ports")).length > 0);
}

/** How findings call a container. */
export function containerName({ resource }: Workload, { name }: Container): string {
    return `${nameOf(resource)}, container ${name}`;
}

/** How long its pods may take to end, in seconds; undefined while unknown. 30 s is what Kubernetes takes by itself. */
export function gracePeriod(podSpec: Value): number | undefined {
    return count(at(podSpec, "terminationGracePeriodSeconds"), 30);
}

/**
 * How long a container's preStop takes, in seconds: the `sleep` action, or a `sleep` in its command; undefined when there
 * is none, or when it does something whose length the object does not say.
 */
export function preStopSeconds({ value }: Container): number | undefined {
    const preStop = at(value, "lifecycle", "preStop");
    const slept = count(at(preStop, "sleep", "seconds"));
    if (slept !== undefined) return slept;
    const command = items(at(preStop, "exec", "command")).map((word) => text(word) ?? "");
    const seconds = /(?:^|[\s/;&])sleep\s+(\d+(?:\.\d+)?)\s*s?(?:$|[\s;&])/.exec(command.join(" "))?.[1];
    return seconds === undefined ? undefined : Number(seconds);
}

function named(podSpec: Value, key: string): readonly Container[] {
    return items(at(podSpec, key))
        .filter((value) => value !== UNKNOWN)
        .map((value, index) => ({ name: text(at(value, "name")) ?? `${key}[${index}]`, value }));
}
