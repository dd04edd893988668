import { randomBytes } from "node:crypto";
import { PropertyMap } from "../protocol/values";
import { normalized } from "./checkpoint";
import { ApiError, UnknownKindError } from "./clusterApi";
import { KubernetesObject, annotation, annotations, withMetadata } from "./kubernetesObject";

/** @throws for types that are no objects of the API: charts, manifests as resources, patches, lists. */
export function refuseSpecialTypes(type: string): void {
    const [, group = "", kind = ""] = type.split(":");
    const special = /^(helm\.sh|yaml|kustomize)\b/.test(group) || kind.endsWith("Patch") || kind.endsWith("List");
    if (!special) return;
    throw new Error(`the lab's stand-in for the kubernetes plugin does not manage ${type}; use the real plugin for it`);
}

/** Who manages the fields of an object: as annotated, as recorded, or a new manager of its own. */
export function fieldManagerOf(object: KubernetesObject, recorded: string | undefined): string {
    const own = annotation(object, annotations.patchFieldManager);
    return own ?? recorded ?? `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

/** The object without its status, of which a dry run knows nothing. */
export function withoutStatus({ status, ...object }: KubernetesObject): KubernetesObject {
    void status;
    return object as KubernetesObject;
}

/** True when the error says that the object, or its kind, is not there. */
export function isGone(error: unknown): boolean {
    return error instanceof UnknownKindError || (error instanceof ApiError && error.status === 404);
}

/** True for what a preview cannot know: a namespace or kind that the update itself makes, or rights that it lacks. */
export function isPreviewGap(error: unknown): boolean {
    return isGone(error) || (error instanceof ApiError && (error.status === 403 || error.reason === "AlreadyExists"));
}

/** Inputs of an object that was not ours: everything but what the API server writes. */
export function importedInputs(live: KubernetesObject): PropertyMap {
    const { status, ...object } = withMetadata(normalized(live));
    void status;
    return object;
}
