import { PropertyMap, isObject, isUnknown } from "../protocol/values";

/** An object of the Kubernetes API, in plain values. */
export interface KubernetesObject extends PropertyMap {
    apiVersion: string;
    kind: string;
    metadata: ObjectMeta;
}

/** The members of metadata that matter here; any other may be there too. */
export interface ObjectMeta extends PropertyMap {
    name?: string;
    namespace?: string;
    annotations?: Record<string, string>;
}

/** Annotations by which users steer the plugin. */
export const annotations = {
    autonamed: "pulumi.com/autonamed",
    skipAwait: "pulumi.com/skipAwait",
    timeoutSeconds: "pulumi.com/timeoutSeconds",
    patchForce: "pulumi.com/patchForce",
    patchFieldManager: "pulumi.com/patchFieldManager",
    deletionPropagation: "pulumi.com/deletionPropagationPolicy",
} as const;

/** The value of an annotation, if it is there and known. */
export function annotation(object: PropertyMap, key: string): string | undefined {
    const metadata = object["metadata"];
    const all = isObject(metadata) ? metadata["annotations"] : undefined;
    const value = isObject(all) ? all[key] : undefined;
    return typeof value === "string" && !isUnknown(value) ? value : undefined;
}

/** The object with metadata that is an object of its own, so that it may be changed. */
export function withMetadata(object: PropertyMap): PropertyMap & { metadata: ObjectMeta } {
    const metadata = object["metadata"];
    return { ...object, metadata: isObject(metadata) ? { ...metadata } : {} };
}

/** The name under which the engine records an object: namespace/name, or the name alone. */
export function objectId({ metadata }: KubernetesObject): string {
    return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : `${metadata.name}`;
}

/** Namespace and name of a recorded id. */
export function parseObjectId(id: string): { namespace?: string; name: string } {
    const [namespace, name] = id.split("/");
    return name === undefined ? { name: id } : { namespace: namespace ?? "", name };
}

/** What a type token such as `kubernetes:apps/v1:Deployment` names. */
export function kindOfType(type: string): { apiVersion: string; kind: string } {
    const [, group = "", kind = ""] = type.split(":");
    return { apiVersion: group.startsWith("core/") ? group.slice("core/".length) : group, kind };
}

/** The object as this API wants it, with its kind filled in from the type token. */
export function asObject(type: string, properties: PropertyMap): KubernetesObject {
    return { ...kindOfType(type), ...withMetadata(properties) } as KubernetesObject;
}
