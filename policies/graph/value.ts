class Unknown {
    /** Makes the type unlike all others. */
    protected readonly until = "update";
}

/** Stands for what only the update will know: outputs of resources that do not exist yet, at preview. */
export const UNKNOWN = new Unknown();

/** A property of a resource as rules read it: plain data, secrets unwrapped, unknown parts marked. */
export type Value = undefined | null | string | number | boolean | typeof UNKNOWN | readonly Value[] | Fields;

/** An object's properties by name. */
export interface Fields {
    readonly [key: string]: Value;
}

/** The value below a path of keys; below something unknown everything is unknown. */
export function at(value: Value, ...keys: readonly string[]): Value {
    return keys.reduce<Value>((inner, key) => {
        if (inner === UNKNOWN) return UNKNOWN;
        return isRecord(inner) ? inner[key] : undefined;
    }, value);
}

/** Known not to be there. */
export function isAbsent(value: Value): value is undefined | null {
    return value === undefined || value === null;
}

/** A known object, not a list. */
export function isRecord(value: Value): value is Fields {
    return typeof value === "object" && value !== null && value !== UNKNOWN && !Array.isArray(value);
}

/** The text, if it is known and is one. */
export function text(value: Value): string | undefined {
    return typeof value === "string" ? value : undefined;
}

/** The number, if it is known and is one; Kubernetes takes a fallback where a field is left out. */
export function count(value: Value, fallback?: number): number | undefined {
    if (isAbsent(value)) return fallback;
    return typeof value === "number" ? value : undefined;
}

/** The list's items, those that are unknown included; empty for everything that is no known list. */
export function items(value: Value): readonly Value[] {
    return Array.isArray(value) ? (value as readonly Value[]) : [];
}

/** The record's fields; empty for everything that is no known record. */
export function fields(value: Value): readonly (readonly [key: string, value: Value])[] {
    return isRecord(value) ? Object.entries(value) : [];
}

/** Whether two values are known and alike in every part. */
export function isSame(one: Value, other: Value): boolean {
    if (one === UNKNOWN || other === UNKNOWN) return false;
    if (Array.isArray(one) && Array.isArray(other)) {
        return one.length === other.length && one.every((item: Value, index) => isSame(item, other[index] as Value));
    }
    if (!isRecord(one) || !isRecord(other)) return one === other;
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...keys].every((key) => isSame(one[key], other[key]));
}
