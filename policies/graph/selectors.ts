import type { GraphResource, Typed } from "./resource";
import { UNKNOWN, type Value, at, fields, isAbsent, isRecord, items, text } from "./value";
import { type Workload, namespaceOf } from "./workloads";

/** Whether a selector takes a pod; `maybe` while a label, a namespace or the selector is unknown. */
export type Match = "yes" | "no" | "maybe";

const SERVICE = "kubernetes:core/v1:Service";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";

/** Types whose pods do not stand in the stack: charts, and objects that an operator turns into pods. */
const BUILT_IN_GROUP = /^kubernetes:(?:[a-z]+|[a-z.]+\.k8s\.io)\/v[0-9a-z]+:/;

/** A Kubernetes Service. */
export function isService({ type }: Typed): boolean {
    return type === SERVICE;
}

/** A PodDisruptionBudget. */
export function isBudget({ type }: Typed): boolean {
    return type === BUDGET;
}

/** Whether the resource may make pods that the stack does not show. */
export function hidesPods({ type }: Typed): boolean {
    return type.startsWith("kubernetes:") && !BUILT_IN_GROUP.test(type) && !/^kubernetes:(yaml|kustomize):/.test(type);
}

/** Whether a Service or budget selects nothing by intent: none is given, or the Service stands for a name outside. */
export function selectsNothing(resource: GraphResource): boolean {
    const spec = at(resource.properties, "spec");
    const selector = at(spec, "selector");
    if (isAbsent(selector) || text(at(spec, "type")) === "ExternalName") return true;
    return isService(resource) && isRecord(selector) && fields(selector).length === 0;
}

/** Whether a Service or PodDisruptionBudget takes the pods of a workload. */
export function selects(resource: GraphResource, workload: Workload): Match {
    const selector = at(resource.properties, "spec", "selector");
    const inNamespace = isEqual(namespaceOf(resource), workload.namespace);
    if (isAbsent(selector)) return "no";
    if (selector === UNKNOWN) return both(inNamespace, "maybe");
    const wanted = isService(resource)
        ? [matchLabels(selector, workload.labels)]
        : [matchLabels(at(selector, "matchLabels"), workload.labels), ...matchExpressions(selector, workload.labels)];
    return [inNamespace, ...wanted].reduce(both);
}

/** Whether a reference by kind and name means the workload. */
export function refersTo(reference: Value, namespace: Value, workload: Workload): Match {
    const kind = text(at(reference, "kind"));
    if (kind !== undefined && !workload.resource.type.endsWith(`:${kind}`)) return "no";
    return both(isEqual(namespace, workload.namespace), isEqual(at(reference, "name"), workload.name));
}

/** Whether two values are the same, as far as they are known. */
export function isEqual(one: Value, other: Value): Match {
    if (one === UNKNOWN || other === UNKNOWN) return "maybe";
    return one === other ? "yes" : "no";
}

/** What holds when two things must. */
export function both(one: Match, other: Match): Match {
    if (one === "no" || other === "no") return "no";
    return one === "yes" && other === "yes" ? "yes" : "maybe";
}

function matchLabels(selector: Value, labels: Value): Match {
    if (selector === UNKNOWN) return "maybe";
    return fields(selector)
        .map(([key, value]) => isEqual(value, at(labels, key)))
        .reduce(both, "yes");
}

function matchExpressions(selector: Value, labels: Value): readonly Match[] {
    const expressions = at(selector, "matchExpressions");
    if (expressions === UNKNOWN) return ["maybe"];
    return items(expressions).map((expression) => {
        const label = at(labels, text(at(expression, "key")) ?? "");
        const values = items(at(expression, "values"));
        if (label === UNKNOWN || expression === UNKNOWN || values.includes(UNKNOWN)) return "maybe";
        const isIn = values.includes(label);
        const holds: Readonly<Record<string, boolean>> = {
            In: isIn,
            NotIn: !isIn,
            Exists: !isAbsent(label),
            DoesNotExist: isAbsent(label),
        };
        const answer = holds[text(at(expression, "operator")) ?? ""];
        if (answer === undefined) return "maybe";
        return answer ? "yes" : "no";
    });
}
