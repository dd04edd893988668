import { setTimeout as wait } from "node:timers/promises";
import { ApiError, ClusterApi, UnknownKindError, WriteOptions } from "./clusterApi";
import { KubernetesObject, annotation, annotations } from "./kubernetesObject";
import { ProviderSettings } from "./providerSettings";

/** Manager of the fields of objects that were created, not applied. */
const createManager = "pulumi-kubernetes";

/** Pauses before another try of a create, in milliseconds: what it needs may be made by others right now. */
const pauses = [250, 500, 1_000, 2_000, 4_000];

function mayCome(error: unknown): boolean {
    return error instanceof UnknownKindError || (error instanceof ApiError && error.status === 404);
}

function conflictWords(error: unknown): unknown {
    if (!(error instanceof ApiError) || error.status !== 409) return error;
    const more = `others manage some of its fields; set the annotation ${annotations.patchForce} to take them over`;
    return new Error(`${error.message}\n${more}`, { cause: error });
}

function existsWords(error: unknown): unknown {
    if (!(error instanceof ApiError) || error.reason !== "AlreadyExists") return error;
    const more = "import it, give the resource another name, or set upsertExistingObjects on the provider";
    return new Error(`${error.message}\nThe object is already in the cluster: ${more}.`, { cause: error });
}

/** Creates an object; what it depends on may appear within a few seconds. */
export async function createObject(
    api: ClusterApi,
    object: KubernetesObject,
    settings: ProviderSettings,
    options: WriteOptions & { signal: AbortSignal },
): Promise<KubernetesObject> {
    const force = options.dryRun || settings.enablePatchForce || annotation(object, annotations.patchForce) === "true";
    for (const pause of [...pauses, undefined]) {
        try {
            if (settings.upsertExistingObjects) return await api.apply(object, { ...options, force });
            return await api.create(object, { ...options, fieldManager: createManager });
        } catch (error) {
            if (pause === undefined || options.dryRun || !mayCome(error)) throw existsWords(conflictWords(error));
            api.forgetKinds();
            await wait(pause, undefined, { signal: options.signal });
        }
    }
    throw new Error("unreachable");
}

interface ManagedFields {
    readonly manager?: string;
    readonly operation?: string;
    readonly subresource?: string;
}

/** Where the entry of the fields stands that our create has set; negative when they have been taken over. */
function createdFields(live: KubernetesObject): number {
    const entries = (live.metadata["managedFields"] ?? []) as ManagedFields[];
    return entries.findIndex(
        (entry) => entry.manager === createManager && entry.operation === "Update" && !entry.subresource,
    );
}

/** Fields that a create has made ours become fields that we apply, so that a later apply may also remove them. */
async function takeOverCreatedFields(api: ClusterApi, live: KubernetesObject, manager: string): Promise<void> {
    const path = `/metadata/managedFields/${createdFields(live)}`;
    await api.patch(live, [
        { op: "test", path: "/metadata/resourceVersion", value: live.metadata["resourceVersion"] },
        { op: "replace", path: `${path}/manager`, value: manager },
        { op: "replace", path: `${path}/operation`, value: "Apply" },
    ]);
}

/** Applies new inputs to an existing object. */
export async function applyObject(
    api: ClusterApi,
    object: KubernetesObject,
    settings: ProviderSettings,
    options: WriteOptions,
): Promise<KubernetesObject> {
    const live = await api.read(object);
    const created = createdFields(live) >= 0;
    if (created && !options.dryRun) await takeOverCreatedFields(api, live, options.fieldManager);
    const asked = settings.enablePatchForce || annotation(object, annotations.patchForce) === "true";
    // A preview takes nothing over, so the fields of our create would look like another's.
    const force = asked || (options.dryRun && created);
    return api.apply(object, { ...options, force }).catch((error: unknown) => {
        throw conflictWords(error);
    });
}
