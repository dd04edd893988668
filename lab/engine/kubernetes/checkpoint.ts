import { PropertyMap, containsSecret, isObject, isSecret, plain, secret } from "../protocol/values";
import { KubernetesObject } from "./kubernetesObject";

/** Members of a recorded state that are not the object's own. */
const inputsKey = "__inputs";
const apiVersionKey = "__initialApiVersion";
const fieldManagerKey = "__fieldManager";

/** Members that the API server writes; they are no inputs. */
const readOnly = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
];

/** Marks in `target` what is secret in `source`, and always the contents of Secrets. */
export function markSecrets(target: PropertyMap, source: PropertyMap): PropertyMap {
    const marked: PropertyMap = { ...target };
    if (marked["kind"] === "Secret") {
        for (const key of ["data", "stringData"]) if (key in marked) marked[key] = secret(marked[key]);
        return marked;
    }
    for (const [key, value] of Object.entries(source)) {
        const own = marked[key];
        if (own === undefined || isSecret(own)) continue;
        if (isObject(own) && isObject(value) && !isSecret(value)) marked[key] = markSecrets(own, value);
        else if (containsSecret(value)) marked[key] = secret(own);
    }
    return marked;
}

/** The recorded state: the live object with its secrets marked, the inputs, and who manages its fields. */
export function checkpoint(
    inputs: PropertyMap,
    live: KubernetesObject,
    recorded: { apiVersion: string; fieldManager: string },
): PropertyMap {
    return {
        ...markSecrets(live, inputs),
        [inputsKey]: markSecrets(plain(inputs) as PropertyMap, inputs),
        [apiVersionKey]: recorded.apiVersion,
        [fieldManagerKey]: recorded.fieldManager,
    };
}

/** The parts of a recorded state, without secret marks. */
export function parseCheckpoint(state: PropertyMap): {
    inputs: PropertyMap;
    live: KubernetesObject;
    apiVersion: string | undefined;
    fieldManager: string | undefined;
} {
    const {
        [inputsKey]: inputs,
        [apiVersionKey]: apiVersion,
        [fieldManagerKey]: manager,
        ...live
    } = plain(state) as PropertyMap;
    return {
        inputs: isObject(inputs) ? inputs : {},
        live: live as KubernetesObject,
        apiVersion: typeof apiVersion === "string" ? apiVersion : undefined,
        fieldManager: typeof manager === "string" ? manager : undefined,
    };
}

/** Inputs as the API server keeps them: without what it writes itself; texts of Secrets as data. */
export function normalized(inputs: PropertyMap): PropertyMap {
    const result: PropertyMap = { ...inputs };
    if (isObject(result["metadata"])) {
        const kept = Object.entries(result["metadata"]).filter(([key]) => !readOnly.includes(key));
        result["metadata"] = Object.fromEntries(kept);
    }
    const texts = result["stringData"];
    if (result["kind"] !== "Secret" || !isObject(texts)) return result;
    const encoded = Object.entries(texts).map(([key, text]) => [key, Buffer.from(String(text)).toString("base64")]);
    delete result["stringData"];
    return { ...result, data: { ...(result["data"] as object | undefined), ...Object.fromEntries(encoded) } };
}

/** The live values of just what the inputs name: what others add to an object is not ours to compare. */
export function prune(live: unknown, inputs: unknown): unknown {
    if (isObject(live) && isObject(inputs)) {
        const shared = Object.keys(inputs).filter((key) => key in live);
        return Object.fromEntries(shared.map((key) => [key, prune(live[key], inputs[key])]));
    }
    if (Array.isArray(live) && Array.isArray(inputs)) {
        return live.map((item, index) => (index < inputs.length ? prune(item, inputs[index]) : item));
    }
    return live;
}
