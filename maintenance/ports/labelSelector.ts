import type { LabelSelector } from "./clusterAdmin";

/** Kubernetes' label selector semantics; an empty selector takes every pod of the namespace (policy/v1). */
export function selects(
    { matchLabels, matchExpressions }: LabelSelector,
    labels: Readonly<Record<string, string>>,
): boolean {
    return (
        Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
        matchExpressions.every(({ key, operator, values }) => OPERATORS[operator]?.(labels[key], values) ?? false)
    );
}

type Operator = (value: string | undefined, values: readonly string[]) => boolean;

const OPERATORS: Readonly<Record<string, Operator>> = {
    In: (value, values) => value !== undefined && values.includes(value),
    NotIn: (value, values) => value === undefined || !values.includes(value),
    Exists: (value) => value !== undefined,
    DoesNotExist: (value) => value === undefined,
};
