import { setTimeout as wait } from "node:timers/promises";
import { ApiError, ClusterApi } from "./clusterApi";
import { KubernetesObject, annotation, annotations } from "./kubernetesObject";
import { Readiness, readinessCheck } from "./readiness";

/** How long an object may take to become ready or to go, in seconds, unless the user says otherwise. */
const defaultTimeoutSeconds = 600;

/** Milliseconds between two looks. */
const interval = 500;

/** Tells the user what is waited for. */
export type WaitRemark = (observation: string) => void;

/** What a wait needs. */
export interface Wait {
    readonly api: ClusterApi;
    readonly signal: AbortSignal;
    /** The timeout of the operation, which goes before the object's annotation. */
    readonly timeoutSeconds: number | undefined;
    readonly remark: WaitRemark;
}

/** The object is there but has not become ready; carries its last state. */
export class NotReadyError extends Error {
    constructor(
        message: string,
        readonly live: KubernetesObject,
    ) {
        super(message);
    }
}

function timeoutOf(inputs: KubernetesObject, operation: number | undefined): number {
    const own = Number(annotation(inputs, annotations.timeoutSeconds));
    return operation ?? (own > 0 ? own : defaultTimeoutSeconds);
}

/**
 * Waits until the object is ready, as its kind defines it, and returns it as it then is.
 * @throws NotReadyError with the last observation when it fails, takes too long, or the wait is cancelled.
 */
export async function untilReady(
    inputs: KubernetesObject,
    live: KubernetesObject,
    wanted: Wait,
): Promise<KubernetesObject> {
    const { api, signal, remark } = wanted;
    const check = readinessCheck(live);
    if (check === undefined || annotation(inputs, annotations.skipAwait) === "true") return live;
    const seconds = timeoutOf(inputs, wanted.timeoutSeconds);
    const deadline = Date.now() + seconds * 1000;
    let current = live;
    let seen: Readiness = { ready: false, observation: "not looked at yet" };
    for (let said = ""; !signal.aborted && Date.now() < deadline; await wait(interval)) {
        current = await api.read(current, signal);
        seen = await check(current, api, signal);
        if (seen.ready) return current;
        if (seen.failed) throw new NotReadyError(seen.observation, current);
        if (seen.observation !== said) remark(`waiting: ${seen.observation}`);
        said = seen.observation;
    }
    const why = signal.aborted ? String(signal.reason.message) : `not ready within ${seconds} s`;
    throw new NotReadyError(`${why}; last seen: ${seen.observation}`, current);
}

/**
 * Waits until the object is gone. An object of the same name with another uid is another object.
 * @throws NotReadyError when it takes too long or the wait is cancelled.
 */
export async function untilGone(inputs: KubernetesObject, live: KubernetesObject, wanted: Wait): Promise<void> {
    const { api, signal, remark } = wanted;
    const seconds = timeoutOf(inputs, wanted.timeoutSeconds);
    const deadline = Date.now() + seconds * 1000;
    let current = live;
    for (let said = false; !signal.aborted && Date.now() < deadline; await wait(interval)) {
        const found = await api.read(live, signal).catch((error: unknown) => {
            if (error instanceof ApiError && error.status === 404) return undefined;
            throw error;
        });
        const uid = live.metadata["uid"];
        if (found === undefined || (uid !== undefined && found.metadata["uid"] !== uid)) return;
        current = found;
        if (!said) remark("waiting for it to go");
        said = true;
    }
    const finalizers = (current.metadata["finalizers"] as string[] | undefined)?.join(", ") ?? "none";
    const why = signal.aborted ? String(signal.reason.message) : `still there after ${seconds} s`;
    throw new NotReadyError(`${why}; finalizers: ${finalizers}`, current);
}
