import { CheckFailure } from "../protocol/resourcePlugin";
import { PropertyMap, isAbsent, isArchive, isAsset, isObject, isSecret, isUnknown, secret } from "../protocol/values";

/** What a property may hold. */
export type PropertyType =
    | "string"
    | "number"
    | "boolean"
    | "any"
    | "source"
    | { readonly oneOf: readonly string[] }
    | { readonly listOf: PropertyType }
    | { readonly mapOf: PropertyType }
    | { readonly object: ObjectType };

/** One property: its type and what check does about it. */
export interface Property {
    readonly type: PropertyType;
    readonly required?: boolean;
    /** Always kept as a secret. */
    readonly secret?: boolean;
    /** Filled in when it is not given. */
    readonly default?: unknown;
    /** In the published schema, but not in this stand-in: the words that say so. */
    readonly refused?: string;
}

/** The properties of an object by name. */
export type ObjectType = Readonly<Record<string, Property>>;

function typeName(type: PropertyType): string {
    if (typeof type === "string") return type === "source" ? "file asset, text asset or file archive" : type;
    if ("oneOf" in type) return `one of ${type.oneOf.join(", ")}`;
    if ("listOf" in type) return "list";
    return "mapOf" in type ? "map" : "object";
}

/** Checks values against types. Messages name properties and never contain a value, as values may be secret. */
class Checker {
    readonly failures: CheckFailure[] = [];

    private fail(path: string, reason: string): void {
        this.failures.push({ property: path, reason });
    }

    /** The value with defaults and secret marks; failures are collected. */
    value(path: string, value: unknown, type: PropertyType): unknown {
        if (isSecret(value)) return secret(this.value(path, value.value, type));
        if (isUnknown(value) || type === "any") return value;
        if (typeof type === "string") return this.scalar(path, value, type);
        if ("oneOf" in type) {
            if (typeof value !== "string" || !type.oneOf.includes(value)) this.mismatch(path, type);
            return value;
        }
        if ("listOf" in type) {
            if (!Array.isArray(value)) return this.mismatch(path, type);
            return value.map((item, index) => this.value(`${path}[${index}]`, item, type.listOf));
        }
        if (!isObject(value)) return this.mismatch(path, type);
        if ("object" in type) return this.object(path, value, type.object);
        const members = Object.entries(value);
        return Object.fromEntries(members.map(([key, item]) => [key, this.value(`${path}.${key}`, item, type.mapOf)]));
    }

    private scalar(path: string, value: unknown, type: "string" | "number" | "boolean" | "any" | "source"): unknown {
        const fits = type === "source" ? isAsset(value) || isArchive(value) : typeof value === type;
        return fits ? value : this.mismatch(path, type);
    }

    private mismatch(path: string, type: PropertyType): undefined {
        this.fail(path, `${path} has a value of another type; expected: ${typeName(type)}`);
        return undefined;
    }

    /** All members of an object, in which unknown names are failures. */
    object(path: string, value: PropertyMap, type: ObjectType): PropertyMap {
        const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
        for (const name of Object.keys(value)) {
            if (name in type || isInternal(path, name)) continue;
            this.fail(at(name), `${at(name)} is no known property; known are: ${Object.keys(type).join(", ")}`);
        }
        const checked: PropertyMap = {};
        for (const [name, property] of Object.entries(type)) {
            const given = value[name];
            const present = isAbsent(given) ? property.default : given;
            if (isAbsent(present)) {
                if (property.required) this.fail(at(name), `${at(name)} is missing; it is required`);
                continue;
            }
            if (property.refused !== undefined) this.fail(at(name), `${at(name)} ${property.refused}`);
            const result = this.value(at(name), present, property.type);
            checked[name] = property.secret ? secret(result) : result;
        }
        return checked;
    }
}

/** The engine adds its own properties at the top level. */
function isInternal(path: string, name: string): boolean {
    return path === "" && (name === "version" || name.startsWith("__"));
}

/**
 * Validates inputs against the properties of a resource: unknown names, missing and mistyped values are failures;
 * defaults are filled in and secrets marked. All failures are reported at once, none with a value.
 */
export function checkProperties(
    inputs: PropertyMap,
    type: ObjectType,
): { inputs: PropertyMap; failures: readonly CheckFailure[] } {
    const checker = new Checker();
    const checked = checker.object("", inputs, type);
    return { inputs: checked, failures: checker.failures };
}
