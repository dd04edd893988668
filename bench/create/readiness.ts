import { execOk, type Remote, type RemoteHost } from "../../maintenance/ports/remote";
import { until } from "../../lab/wait";

/** The part of a Node or Deployment that the condition looks at. */
interface ClusterObject {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly generation?: number };
    readonly spec?: { readonly replicas?: number };
    readonly status?: {
        readonly observedGeneration?: number;
        readonly availableReplicas?: number;
        readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
}

const OBSERVE =
    "kubectl --kubeconfig /etc/kubernetes/admin.conf --namespace kube-system get nodes,deployments --output json";
const DEADLINE_MS = 300_000;

/**
 * What a cluster still lacks: a node that is not there or not Ready, CoreDNS with a replica that is not available. Empty
 * when it is complete: the end of the clock for every way of creating it.
 *
 * @param list what {@link OBSERVE} prints
 */
export function lacking(list: string, nodes: readonly string[]): string[] {
    const { items } = JSON.parse(list) as { items: readonly ClusterObject[] };
    const find = (kind: string, name: string) =>
        items.find((item) => item.kind === kind && item.metadata.name === name);
    const notReady = nodes.filter((name) => !isReady(find("Node", name)));
    const coredns = find("Deployment", "coredns");
    return [
        ...notReady.map((name) => `${name} is not Ready`),
        ...(isAvailable(coredns) ? [] : ["CoreDNS is not available"]),
    ];
}

function isReady(node: ClusterObject | undefined): boolean {
    return node?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

function isAvailable(deployment: ClusterObject | undefined): boolean {
    if (deployment?.status === undefined) return false;
    const { observedGeneration = 0, availableReplicas = 0 } = deployment.status;
    const wanted = deployment.spec?.replicas ?? 1;
    return observedGeneration >= (deployment.metadata.generation ?? 0) && availableReplicas >= wanted;
}

/** Asks a control plane until the cluster lacks nothing. @throws LabError after five minutes, saying what it lacks */
export async function awaitComplete(remote: Remote, host: RemoteHost, nodes: readonly string[]): Promise<void> {
    await until({
        what: "all nodes to be Ready and CoreDNS to be available",
        deadlineMs: DEADLINE_MS,
        intervalMs: 50,
        observe: async () => lacking(await execOk(remote, host, OBSERVE), nodes),
        satisfied: (missing) => missing.length === 0,
        describe: (missing) => missing.join(", "),
    });
}
