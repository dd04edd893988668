import { randomBytes } from "node:crypto";
import { PropertyMap, isObject, isUnknown } from "../protocol/values";
import { annotation, annotations, withMetadata } from "./kubernetesObject";

function isNamed(inputs: PropertyMap): boolean {
    const metadata = inputs["metadata"];
    if (isUnknown(metadata)) return true;
    return isObject(metadata) && (Boolean(metadata["name"]) || isUnknown(metadata["name"]));
}

function autonamed(inputs: PropertyMap, name: string): PropertyMap {
    const { metadata, ...rest } = withMetadata(inputs);
    const marks = isUnknown(metadata.annotations) ? {} : { ...metadata.annotations, [annotations.autonamed]: "true" };
    return { ...rest, metadata: { ...metadata, name, annotations: marks } };
}

/**
 * Gives a name to inputs that have none: the one given before if there was one, else the resource's name with eight
 * random characters.
 * @throws for `generateName`, which server-side apply does not support.
 */
export function withName(resourceName: string, olds: PropertyMap, news: PropertyMap): PropertyMap {
    if (isNamed(news)) return news;
    const { metadata } = withMetadata(news);
    if (metadata["generateName"] !== undefined) {
        throw new Error(
            "metadata.generateName is not supported with server-side apply; leave it out or set metadata.name",
        );
    }
    const before = withMetadata(olds).metadata.name;
    if (before !== undefined && annotation(olds, annotations.autonamed) === "true") return autonamed(news, before);
    return Object.keys(olds).length > 0 ? news : autonamed(news, `${resourceName}-${randomBytes(4).toString("hex")}`);
}
