import { UnknownValueError } from "@pulumi/policy";
import { asset } from "@pulumi/pulumi";
import { UNKNOWN, type Value } from "../graph/value";

/** The key with which @pulumi/policy 1.21.0 hands out what is behind its proxies (proxy.js). */
const PROXY_TARGET = "__getSpecialProxyTarget";

/**
 * A resource's properties as plain data. The SDK's own objects throw at every read of an unknown value, which would end a
 * rule for all resources; here such values are UNKNOWN. Files given as text become `{ text }`.
 */
export async function plainProperties(properties: unknown): Promise<Value> {
    if (typeof properties !== "object" || properties === null) return properties as Value;
    if (asset.Asset.isInstance(properties)) return { text: await assetText(properties) };
    const entries = await Promise.all(
        Object.keys(properties).map(async (key) => [key, await read(properties, key)] as const),
    );
    return Array.isArray(properties) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

async function read(from: object, key: string): Promise<Value> {
    let value: unknown;
    try {
        value = Reflect.get(from, key);
    } catch (error) {
        if (error instanceof UnknownValueError) return UNKNOWN;
        throw error;
    }
    return plainProperties(value);
}

/** The text of an asset that has one. Its promise works only outside of the proxy. */
async function assetText(found: object): Promise<string | undefined> {
    const text: unknown = await Reflect.get(unwrapped(found), "text");
    return typeof text === "string" ? text : undefined;
}

function unwrapped(value: object): object {
    const target: unknown = Reflect.get(value, PROXY_TARGET);
    return typeof target === "object" && target !== null ? unwrapped(target) : value;
}
