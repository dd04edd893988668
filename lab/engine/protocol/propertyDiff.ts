import { PropertyMap, equal, isAbsent, isArchive, isAsset, isObject, isSecret } from "./values";

/** How one property differs between the last inputs and the new ones. */
export type DiffKind = "add" | "delete" | "update";

/** The differing properties by path, such as `environment.PATH`, `triggers[0]` or `labels["a.b"]`. */
export type PropertyDiffs = Map<string, DiffKind>;

function memberPath(parent: string, key: string): string {
    if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
    return parent === "" ? key : `${parent}.${key}`;
}

/** Secrets, assets and archives are compared as one value; only ordinary objects are looked into. */
function isPlainObject(value: unknown): value is PropertyMap {
    return isObject(value) && !isSecret(value) && !isAsset(value) && !isArchive(value);
}

function addDiffs(path: string, before: unknown, after: unknown, diffs: PropertyDiffs): void {
    if (equal(before, after)) return;
    if (isAbsent(before)) {
        diffs.set(path, "add");
    } else if (isAbsent(after)) {
        diffs.set(path, "delete");
    } else if (Array.isArray(before) && Array.isArray(after)) {
        const length = Math.max(before.length, after.length);
        for (let i = 0; i < length; i++) addDiffs(`${path}[${i}]`, before[i], after[i], diffs);
    } else if (isPlainObject(before) && isPlainObject(after)) {
        addObjectDiffs(path, before, after, diffs);
    } else {
        diffs.set(path, "update");
    }
}

function addObjectDiffs(path: string, before: PropertyMap, after: PropertyMap, diffs: PropertyDiffs): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
        addDiffs(memberPath(path, key), before[key], after[key], diffs);
    }
}

/** Every property that differs, by the deepest path that says it; empty when nothing differs. */
export function propertyDiffs(before: PropertyMap, after: PropertyMap): PropertyDiffs {
    const diffs: PropertyDiffs = new Map();
    addObjectDiffs("", before, after, diffs);
    return diffs;
}
