/**
 * Property values as they travel between the Pulumi engine and a plugin: JSON with marked objects for secrets, assets
 * and archives, and marked strings for values that are not known before an update.
 */
import {
    specialArchiveSig,
    specialAssetSig,
    specialOutputValueSig,
    specialSecretSig,
    specialSigKey,
    unknownValue,
} from "./signatures";

/** A resource's inputs or outputs by property name. */
export type PropertyMap = Record<string, unknown>;

/** A value that must not be shown in clear. */
export interface SecretValue {
    readonly [specialSigKey]: typeof specialSecretSig;
    readonly value: unknown;
}

/** The engine marks an unknown value by its type; all marks mean the same to a plugin. */
const unknownMarks: ReadonlySet<unknown> = new Set([
    unknownValue,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** True for an object with named members, marked or not. */
export function isObject(value: unknown): value is PropertyMap {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for a value wrapped as a secret. */
export function isSecret(value: unknown): value is SecretValue {
    return isObject(value) && value[specialSigKey] === specialSecretSig;
}

/** True for a value that is not known before the update runs. */
export function isUnknown(value: unknown): boolean {
    return unknownMarks.has(value);
}

/** True for a file or text asset. */
export function isAsset(value: unknown): value is PropertyMap {
    return isObject(value) && value[specialSigKey] === specialAssetSig;
}

/** True for an archive: a file or folder by path, or a set of assets. */
export function isArchive(value: unknown): value is PropertyMap {
    return isObject(value) && value[specialSigKey] === specialArchiveSig;
}

/** Wraps a value as a secret; a secret stays as it is. */
export function secret(value: unknown): unknown {
    return isSecret(value) ? value : { [specialSigKey]: specialSecretSig, value };
}

/** The value that stands for "known only after the update". */
export const unknown: unknown = unknownValue;

function mapMembers(value: unknown, change: (member: unknown) => unknown): unknown {
    if (Array.isArray(value)) return value.map(change);
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(member)]));
    return value;
}

/** Rewrites output values, which carry secretness and dependencies, as plain, secret or unknown values. */
export function withoutOutputValues(value: unknown): unknown {
    if (!isObject(value) || value[specialSigKey] !== specialOutputValueSig) {
        return mapMembers(value, withoutOutputValues);
    }
    const inner = "value" in value ? withoutOutputValues(value["value"]) : unknown;
    return value["secret"] === true ? secret(inner) : inner;
}

/** The value with every secret unwrapped, at any depth. Never log the result. */
export function plain(value: unknown): unknown {
    return isSecret(value) ? plain(value.value) : mapMembers(value, plain);
}

function some(value: unknown, test: (value: unknown) => boolean): boolean {
    if (test(value)) return true;
    if (Array.isArray(value)) return value.some((member) => some(member, test));
    return isObject(value) && Object.values(value).some((member) => some(member, test));
}

/** True when the value or any part of it is unknown. */
export function containsUnknown(value: unknown): boolean {
    return some(value, isUnknown);
}

/** True when the value or any part of it is a secret. */
export function containsSecret(value: unknown): boolean {
    return some(value, isSecret);
}

/** True for a value that counts as absent: in property maps null and missing are the same. */
export function isAbsent(value: unknown): value is null | undefined {
    return value === null || value === undefined;
}

/** Deep equality of two values as the engine sees it: a secret differs from the same value in clear. */
export function equal(left: unknown, right: unknown): boolean {
    if (isAbsent(left) || isAbsent(right)) return isAbsent(left) && isAbsent(right);
    if (Array.isArray(left)) {
        return Array.isArray(right) && left.length === right.length && left.every((item, i) => equal(item, right[i]));
    }
    if (isObject(left)) {
        if (!isObject(right)) return false;
        return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => equal(left[key], right[key]));
    }
    return left === right;
}
