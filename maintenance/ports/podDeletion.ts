import { CoreV1Api } from "@kubernetes/client-node";
import { ApiError, CONFLICT, NOT_FOUND, type ApiCaller } from "./apiCaller";

/** Tells a pod from a later one of the same name. */
export interface PodIdentity {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
}

/** Deletes this pod and no other of its name; one that is gone already is as good. */
export async function deletePod(api: ApiCaller, { namespace, name, uid }: PodIdentity): Promise<void> {
    const body = { preconditions: { uid } };
    try {
        await api.call(CoreV1Api, (core, o) => core.deleteNamespacedPod({ namespace, name, body }, o));
    } catch (error) {
        if (!isGone(error)) throw error;
    }
}

/** 404: no such pod; 409 about the uid: another pod has its name. */
export function isGone(error: unknown): boolean {
    if (!(error instanceof ApiError)) return false;
    return error.code === NOT_FOUND || (error.code === CONFLICT && /uid|precondition/i.test(error.reason));
}
