import { parseAllDocuments } from "yaml";
import { PropertyMap, isObject } from "../protocol/values";
import { ClusterApi } from "./clusterApi";
import { KubernetesObject, withMetadata } from "./kubernetesObject";

/** The objects of a document; lists are taken apart. */
function objectsOf(document: unknown): PropertyMap[] {
    if (!isObject(document)) return [];
    const items = document["items"];
    return /List$/.test(String(document["kind"])) && Array.isArray(items) ? items.flatMap(objectsOf) : [document];
}

/**
 * Reads manifests. Objects that live in namespaces get the default one when they name none.
 * @throws for text that is no YAML, or an object without apiVersion and kind.
 */
export async function decodeYaml(text: string, namespace: string, api: ClusterApi | undefined): Promise<PropertyMap[]> {
    const documents = parseAllDocuments(text).map((document) => {
        if (document.errors[0] !== undefined) throw new Error(`manifest cannot be read: ${document.errors[0].message}`);
        return document.toJS() as unknown;
    });
    const objects = documents.flatMap(objectsOf);
    return Promise.all(
        objects.map(async (object) => {
            if (!object["apiVersion"] || !object["kind"])
                throw new Error("manifest has an object without apiVersion and kind");
            const { metadata, ...rest } = withMetadata(object);
            if (namespace === "" || metadata.namespace) return object;
            const namespaced = await api?.isNamespaced(object as KubernetesObject).catch(() => true);
            return namespaced ? { ...rest, metadata: { ...metadata, namespace } } : object;
        }),
    );
}
