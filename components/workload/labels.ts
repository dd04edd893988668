import { DRAIN_LABEL } from "../../model/drainLabel";

/** Which pods are one workload's. The only label in selectors, which Kubernetes never lets change. */
export const WORKLOAD_LABEL = "quorate.dev/workload";

/** Set by the components themselves: arguments may not contain them. */
export const RESERVED_LABELS: readonly string[] = [
    WORKLOAD_LABEL,
    DRAIN_LABEL,
    "app.kubernetes.io/name",
    "app.kubernetes.io/managed-by",
];

/** The labels by which services, budgets and controllers find the pods of a workload. */
export function selectorOf(name: string): Readonly<Record<string, string>> {
    return { [WORKLOAD_LABEL]: name };
}

/** Name, namespace, labels and annotations of an object that belongs to a workload. */
export function metadataOf({ name, namespace, labels, annotations }: Identity) {
    return {
        name,
        namespace,
        labels: {
            ...labels,
            "app.kubernetes.io/name": name,
            "app.kubernetes.io/managed-by": "quorate",
            ...selectorOf(name),
        },
        annotations,
    };
}

/** What all objects of a workload have in common. */
export interface Identity {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
}
