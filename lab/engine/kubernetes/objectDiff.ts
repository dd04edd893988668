import { DiffResult } from "../protocol/resourcePlugin";
import { PropertyDiffs, propertyDiffs } from "../protocol/propertyDiff";
import { PropertyMap, isObject } from "../protocol/values";
import { normalized, prune } from "./checkpoint";
import { needsReplacement } from "./immutableFields";
import { KubernetesObject, annotation, annotations, withMetadata } from "./kubernetesObject";
import { ProviderSettings } from "./providerSettings";
import { sameQuantity } from "./quantity";

/** The value at a path such as `spec.ports[0].name` or `metadata.labels["a.b"]`. */
function valueAt(object: unknown, path: string): unknown {
    const steps = path.match(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]|[^.[\]]+/g) ?? [];
    return steps.reduce<unknown>((value, step) => {
        const key = step.startsWith("[") ? JSON.parse(step.slice(1, -1)) : step;
        return isObject(value) || Array.isArray(value) ? (value as PropertyMap)[key as string] : undefined;
    }, object);
}

function isEmpty(value: unknown): boolean {
    return (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
}

/** What an API server writes in another way is no change: quantities, and empty lists that it leaves out. */
function withoutRewritten(diffs: PropertyDiffs, before: PropertyMap, after: PropertyMap): PropertyDiffs {
    return new Map(
        [...diffs].filter(([path, kind]) => {
            if (kind === "add") return !isEmpty(valueAt(after, path));
            return kind === "delete" || !sameQuantity(path, valueAt(before, path), valueAt(after, path));
        }),
    );
}

/** What the comparison needs to know of the cluster. */
export interface DiffContext {
    readonly settings: ProviderSettings;
    readonly namespaced: boolean;
}

function comparable(properties: PropertyMap, { namespaced, settings }: DiffContext): PropertyMap {
    const { metadata, ...rest } = withMetadata(properties);
    const { namespace, ...others } = metadata;
    return { ...rest, metadata: namespaced ? { ...others, namespace: namespace || settings.namespace } : others };
}

/**
 * Compares new inputs with the live values, as last seen, of what the old inputs named. Values that others have added
 * to the object are left alone; values that others have changed are put right.
 */
export function objectDiff(
    old: { inputs: PropertyMap; live: KubernetesObject },
    news: KubernetesObject,
    context: DiffContext,
): DiffResult {
    const before = comparable(prune(old.live, normalized(old.inputs)) as PropertyMap, context);
    const after = comparable(normalized(news), context);
    if (news.metadata.name) (before["metadata"] as PropertyMap)["name"] = old.live.metadata.name;
    const diffs = withoutRewritten(propertyDiffs({ ...identityOf(old.live), ...before }, after), before, after);
    const replaces = [...diffs.keys()].filter(needsReplacement(news, context.settings));
    const sameIdentity =
        annotation(news, annotations.autonamed) !== "true" &&
        news.metadata.name === old.live.metadata.name &&
        !replaces.includes("metadata.namespace");
    return { diffs, replaces, deleteBeforeReplace: replaces.length > 0 && sameIdentity };
}

function identityOf({ apiVersion, kind }: KubernetesObject): PropertyMap {
    return { apiVersion, kind };
}
