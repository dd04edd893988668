import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { PropertyMap, isObject, withoutOutputValues } from "./values";

/** Reads a message's property map; output values arrive as plain, secret or unknown values. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
    return struct === undefined ? {} : (withoutOutputValues(struct.toJavaScript()) as PropertyMap);
}

function withoutUndefined(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => withoutUndefined(item) ?? null);
    if (!isObject(value)) return value;
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([key, member]) => [key, withoutUndefined(member)]));
}

/** Writes a property map for a message; members that are undefined are left out. */
export function toStruct(properties: PropertyMap): Struct {
    return Struct.fromJavaScript(withoutUndefined(properties) as Record<string, JavaScriptValue>);
}
