import {
    ApiException,
    AppsV1Api,
    CoordinationV1Api,
    CoreV1Api,
    Observable,
    VersionApi,
    type ConfigurationOptions,
    type KubeConfig,
    type V1DaemonSet,
    type V1Lease,
    type V1Node,
} from "@kubernetes/client-node";
import type { Duration } from "../../model/duration";
import type { ClusterAccess } from "./kubeconfig";

/** A node as the API has it. */
export interface NodeFacts {
    readonly name: string;
    readonly ready: boolean;
    /** Kubelet's or the node controller's words when the node is not ready. */
    readonly notReadyReason: string;
    readonly cordoned: boolean;
    /** For example `v1.36.3`. */
    readonly kubeletVersion: string;
    /** For example `containerd://2.4.2`. */
    readonly containerRuntimeVersion: string;
}

/** Who leads among scheduler or controller-manager. */
export interface LeaseFacts {
    readonly name: string;
    /** `<host>_<uuid>`; empty when nobody holds it. */
    readonly holder: string;
    readonly renewedAt: Date | undefined;
    readonly durationSeconds: number;
}

export interface DaemonSetFacts {
    readonly namespace: string;
    readonly name: string;
    readonly desired: number;
    readonly ready: number;
}

/** Everything that one API server is asked about the cluster. */
export interface KubernetesFacts {
    readonly nodes: readonly NodeFacts[];
    readonly leases: readonly LeaseFacts[];
    readonly daemonSets: readonly DaemonSetFacts[];
}

/** The Kubernetes API, at the server of one's choice. */
export interface Kubernetes {
    facts(server: string): Promise<KubernetesFacts>;
    /** Version of the API server itself, for example `v1.36.3`. */
    version(server: string): Promise<string>;
}

const LEASES = ["kube-scheduler", "kube-controller-manager"] as const;

/** @param timeout bound of each single request */
export function openKubernetes(access: ClusterAccess, timeout: Duration): Kubernetes {
    return {
        facts: (server) => inWords(clusterFacts(access.configFor(server), timeout), timeout),
        async version(server) {
            const api = access.configFor(server).makeApiClient(VersionApi);
            return (await inWords(api.getCode({}, bounded(timeout)), timeout)).gitVersion;
        },
    };
}

async function clusterFacts(config: KubeConfig, timeout: Duration): Promise<KubernetesFacts> {
    const options = () => bounded(timeout);
    const coordination = config.makeApiClient(CoordinationV1Api);
    const [nodes, daemonSets, ...leases] = await Promise.all([
        config.makeApiClient(CoreV1Api).listNode({}, options()),
        config.makeApiClient(AppsV1Api).listDaemonSetForAllNamespaces({}, options()),
        ...LEASES.map((name) => coordination.readNamespacedLease({ namespace: "kube-system", name }, options())),
    ]);
    return {
        nodes: nodes.items.map(nodeFacts),
        daemonSets: daemonSets.items.map(daemonSetFacts),
        leases: leases.map(leaseFacts),
    };
}

/** The client's own errors speak of aborts and print whole responses. */
async function inWords<T>(request: Promise<T>, timeout: Duration): Promise<T> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ApiException)
            throw new Error(`the API server says ${error.code}: ${bodyMessage(error.body)}`);
        if ((error as Error).name === "AbortError") throw new Error(`no answer within ${timeout}`);
        throw error;
    }
}

/** Bodies come parsed, as text, or not at all. */
function bodyMessage(body: unknown): string {
    const text = typeof body === "string" ? body : JSON.stringify(body ?? "");
    try {
        return String((JSON.parse(text) as { message: unknown }).message);
    } catch {
        return text.slice(0, 200);
    }
}

/** Gives up on a request after `timeout`: the client itself waits for ever. */
function bounded(timeout: Duration): ConfigurationOptions {
    return {
        middlewareMergeStrategy: "append",
        middleware: [
            {
                pre(context) {
                    context.setSignal(AbortSignal.timeout(timeout.milliseconds));
                    return new Observable(Promise.resolve(context));
                },
                post: (context) => new Observable(Promise.resolve(context)),
            },
        ],
    };
}

/** What `quorate` reads from a Node object. */
export function nodeFacts(node: V1Node): NodeFacts {
    const ready = node.status?.conditions?.find((condition) => condition.type === "Ready");
    return {
        name: node.metadata?.name ?? "",
        ready: ready?.status === "True",
        notReadyReason: ready?.status === "True" ? "" : (ready?.message ?? "kubelet has not reported yet"),
        cordoned: node.spec?.unschedulable === true,
        kubeletVersion: node.status?.nodeInfo?.kubeletVersion ?? "",
        containerRuntimeVersion: node.status?.nodeInfo?.containerRuntimeVersion ?? "",
    };
}

function leaseFacts(lease: V1Lease): LeaseFacts {
    const renewed = lease.spec?.renewTime;
    return {
        name: lease.metadata?.name ?? "",
        holder: lease.spec?.holderIdentity ?? "",
        renewedAt: renewed === undefined ? undefined : new Date(renewed),
        durationSeconds: lease.spec?.leaseDurationSeconds ?? 0,
    };
}

function daemonSetFacts(set: V1DaemonSet): DaemonSetFacts {
    return {
        namespace: set.metadata?.namespace ?? "",
        name: set.metadata?.name ?? "",
        desired: set.status?.desiredNumberScheduled ?? 0,
        ready: set.status?.numberReady ?? 0,
    };
}
