import { PropertyMap, isObject } from "../protocol/values";
import { ClusterApi } from "./clusterApi";
import { KubernetesObject } from "./kubernetesObject";

/** Whether an object is ready, and what was seen: the reason it is not, or that it has failed for good. */
export interface Readiness {
    readonly ready: boolean;
    readonly observation: string;
    /** No waiting will help. */
    readonly failed?: boolean;
}

/** Looks at an object once; may read others that belong to it. */
export type ReadinessCheck = (object: KubernetesObject, api: ClusterApi, signal: AbortSignal) => Promise<Readiness>;

const number = (value: unknown, otherwise = 0): number => (typeof value === "number" ? value : otherwise);
const part = (object: KubernetesObject, name: "spec" | "status"): PropertyMap =>
    isObject(object[name]) ? (object[name] as PropertyMap) : {};

interface Condition {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
}

function condition(object: KubernetesObject, type: string): Condition | undefined {
    const all = part(object, "status")["conditions"];
    return (Array.isArray(all) ? (all as Condition[]) : []).find((one) => one.type === type);
}

/** The controller has not yet looked at the newest specification. */
function unobserved(object: KubernetesObject): Readiness | undefined {
    const seen = number(part(object, "status")["observedGeneration"]);
    if (seen >= number(object.metadata["generation"])) return undefined;
    return { ready: false, observation: "the controller has not seen the newest specification yet" };
}

function counted(what: string, have: number, want: number): Readiness {
    return { ready: have >= want, observation: `${have} of ${want} ${what}` };
}

function firstNotReady(...all: readonly (Readiness | undefined)[]): Readiness {
    const seen = all.filter((one) => one !== undefined);
    return seen.find(({ ready }) => !ready) ?? seen.at(-1) ?? { ready: true, observation: "ready" };
}

const deployment: ReadinessCheck = async (object) => {
    const status = part(object, "status");
    const want = number(part(object, "spec")["replicas"], 1);
    const progress = condition(object, "Progressing");
    // What stands there before the controller has seen the newest specification was said of an older one.
    const early = unobserved(object);
    if (early !== undefined) return early;
    if (progress?.reason === "ProgressDeadlineExceeded") {
        return { ready: false, failed: true, observation: progress.message ?? "its progress deadline is exceeded" };
    }
    return firstNotReady(
        counted("replicas updated", number(status["updatedReplicas"]), want),
        counted("updated replicas available", number(status["availableReplicas"]), want),
        {
            ready: number(status["replicas"]) <= want,
            observation: `${status["replicas"]} replicas, old ones still end`,
        },
    );
};

const daemonSet: ReadinessCheck = async (object) => {
    const status = part(object, "status");
    const want = number(status["desiredNumberScheduled"]);
    return firstNotReady(
        unobserved(object),
        counted("pods updated", number(status["updatedNumberScheduled"]), want),
        counted("pods ready", number(status["numberReady"]), want),
    );
};

const statefulSet: ReadinessCheck = async (object) => {
    const status = part(object, "status");
    const want = number(part(object, "spec")["replicas"], 1);
    const same = status["updateRevision"] === status["currentRevision"];
    return firstNotReady(
        unobserved(object),
        counted("replicas updated", number(status["updatedReplicas"], same ? number(status["replicas"]) : 0), want),
        counted("replicas ready", number(status["readyReplicas"]), want),
    );
};

const job: ReadinessCheck = async (object) => {
    const failed = condition(object, "Failed");
    if (failed?.status === "True") {
        return { ready: false, failed: true, observation: `failed: ${failed.reason}: ${failed.message}` };
    }
    const complete = condition(object, "Complete")?.status === "True";
    return { ready: complete, observation: complete ? "complete" : "not complete yet" };
};

const pod: ReadinessCheck = async (object) => {
    const phase = String(part(object, "status")["phase"]);
    if (phase === "Failed") return { ready: false, failed: true, observation: "the pod has failed" };
    const ready = phase === "Succeeded" || condition(object, "Ready")?.status === "True";
    return { ready, observation: `phase ${phase}, ${ready ? "ready" : "not ready"}` };
};

/** Ready addresses behind a service, by its EndpointSlices. */
async function readyEndpoints(service: string, namespace: string | undefined, api: ClusterApi, signal: AbortSignal) {
    const kind = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };
    const slices = await api.list(kind, namespace, `kubernetes.io/service-name=${service}`, signal);
    // a slice without endpoints has null in their place
    const endpoints = slices.flatMap((slice) => (slice["endpoints"] ?? []) as { conditions?: { ready?: boolean } }[]);
    return endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
}

const service: ReadinessCheck = async (object, api, signal) => {
    const spec = part(object, "spec");
    const { name = "", namespace } = object.metadata;
    const balanced = isObject(part(object, "status")["loadBalancer"]) && addresses(object) > 0;
    if (spec["type"] === "LoadBalancer" && !balanced) {
        return { ready: false, observation: "no load balancer has given it an address" };
    }
    const unselective = !isObject(spec["selector"]) || Object.keys(spec["selector"]).length === 0;
    const waits = spec["type"] !== "ExternalName" && spec["clusterIP"] !== "None" && !unselective;
    if (!waits) return { ready: true, observation: "needs no pods" };
    const count = await readyEndpoints(name, namespace, api, signal);
    return { ready: count > 0, observation: `${count} ready endpoints` };
};

function addresses(object: KubernetesObject): number {
    const balancer = part(object, "status")["loadBalancer"];
    const ingress = isObject(balancer) ? balancer["ingress"] : undefined;
    return Array.isArray(ingress) ? ingress.length : 0;
}

interface IngressPath {
    readonly backend?: { readonly service?: { readonly name?: string } };
}

const ingress: ReadinessCheck = async (object, api, signal) => {
    const rules = (part(object, "spec")["rules"] ?? []) as { http?: { paths?: IngressPath[] } }[];
    const names = new Set(rules.flatMap(({ http }) => http?.paths ?? []).map(({ backend }) => backend?.service?.name));
    for (const name of names) {
        if (name === undefined) continue;
        const count = await readyEndpoints(name, object.metadata.namespace, api, signal);
        if (count === 0) return { ready: false, observation: `service ${name} has no ready endpoints` };
    }
    return { ready: addresses(object) > 0, observation: "no address in status.loadBalancer.ingress" };
};

const claim: ReadinessCheck = async (object) => {
    const phase = String(part(object, "status")["phase"]);
    // A claim that is bound by its first pod waits for it; waiting here for it would never end.
    return { ready: phase === "Bound" || phase === "Pending", observation: `phase ${phase}` };
};

const namespace: ReadinessCheck = async (object) => {
    const phase = String(part(object, "status")["phase"]);
    return { ready: phase === "Active", observation: `phase ${phase}` };
};

const definition: ReadinessCheck = async (object) => {
    const established = condition(object, "Established")?.status === "True";
    return { ready: established, observation: established ? "established" : "not established yet" };
};

/** Checks by API group and kind; every other kind is ready as soon as it exists. */
const checks: Readonly<Record<string, ReadinessCheck>> = {
    "apps/Deployment": deployment,
    "apps/DaemonSet": daemonSet,
    "apps/StatefulSet": statefulSet,
    "batch/Job": job,
    "/Pod": pod,
    "/Service": service,
    "/Namespace": namespace,
    "/PersistentVolumeClaim": claim,
    "networking.k8s.io/Ingress": ingress,
    "apiextensions.k8s.io/CustomResourceDefinition": definition,
};

/** How the readiness of this kind is seen; undefined when existing is enough. */
export function readinessCheck({ apiVersion, kind }: KubernetesObject): ReadinessCheck | undefined {
    const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
    return checks[`${group}/${kind}`];
}
