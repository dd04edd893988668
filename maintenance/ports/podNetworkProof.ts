import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { Duration } from "../../model/duration";
import type { ClusterInventory } from "../../model/inventory";
import type { Proof } from "../actions/reboot/rebootPorts";
import { orUndefined, type ApiCaller } from "./apiCaller";
import { dnsQuery } from "./dnsQuery";
import { inventoryHost } from "./inventoryHost";
import { isFinished, isReady } from "./podView";
import { execOk, type Remote } from "./remote";

/** Every target must answer this often in a row. */
const ROUNDS = 5;
/**
 * Before that, they are asked as often as this with little patience: a first packet that comes before routes and tunnels are
 * there is lost, and TCP sends it again only after a second.
 */
const QUICK_ROUNDS = 40;
/** Pods asked, each on another node: enough to see routes and tunnels, few enough for hundreds of nodes. */
const MAX_TARGETS = 8;
const TIMEOUT = Duration.seconds(30);
/** A pod that declares no port refuses this one, and that answer comes from the pod as well. */
const ANY_PORT = 1;

/** A pod's port on another node. */
export interface NetworkTarget {
    readonly pod: string;
    readonly address: string;
    readonly port: number;
}

/**
 * Asks pods on other nodes and the cluster's DNS service from the host: the way of its own pods' packets through routes or
 * tunnels, and of services through kube-proxy (TRAPS 63, 64). A refused connection is an answer, silence is not. One of both is
 * enough: a new cluster has its DNS alone. Where there is nothing to ask, nothing is proven.
 */
export async function podNetworkProof(
    remote: Remote,
    inventory: ClusterInventory,
    api: ApiCaller,
    host: string,
): Promise<Proof> {
    const [pods, dns] = await Promise.all([
        api.call(CoreV1Api, (core, options) => core.listPodForAllNamespaces({}, options)),
        orUndefined(
            api.call(CoreV1Api, (core, options) =>
                core.readNamespacedService({ namespace: "kube-system", name: "kube-dns" }, options),
            ),
        ),
    ]);
    const targets = networkTargets(pods.items, host);
    const resolver = dns?.spec?.clusterIP;
    if (targets.length === 0 && resolver === undefined) return { passed: false, seen: nothingToAsk(host) };
    const script = networkScript(targets, resolver, inventory.network.domain);
    const output = await execOk(remote, inventoryHost(inventory, host), script, {
        timeout: TIMEOUT,
        what: "asking pods on other nodes",
    });
    const failed = output.trim();
    if (failed !== "") return { passed: false, seen: failed };
    const asked = [
        ...(targets.length === 0 ? [] : [`${targets.length} pods on other nodes`]),
        ...(resolver === undefined ? [] : ["DNS"]),
    ];
    return { passed: true, seen: `${asked.join(" and ")} answered ${ROUNDS} times in a row` };
}

function nothingToAsk(host: string): string {
    return (
        `no pod of the pod network is ready on another node than ${host}, and there is no Service kube-system/kube-dns: ` +
        "nothing can answer; bring one of them up"
    );
}

/** One ready pod with an address of the pod network for each other node, those with a port first. */
export function networkTargets(pods: readonly V1Pod[], host: string): NetworkTarget[] {
    const byNode = new Map<string, NetworkTarget>();
    for (const pod of pods) {
        const node = pod.spec?.nodeName ?? host;
        const address = pod.status?.podIP;
        if (node === host || address === undefined || pod.spec?.hostNetwork === true) continue;
        if (!isReady(pod) || isFinished(pod) || pod.metadata?.deletionTimestamp !== undefined) continue;
        const ports = pod.spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
        const port = ports.find(({ protocol = "TCP" }) => protocol === "TCP")?.containerPort ?? ANY_PORT;
        const known = byNode.get(node);
        if (known !== undefined && (known.port !== ANY_PORT || port === ANY_PORT)) continue;
        byNode.set(node, { pod: `${pod.metadata?.namespace}/${pod.metadata?.name}`, address, port });
    }
    return [...byNode.values()].slice(0, MAX_TARGETS);
}

/**
 * Prints what did not answer and stops there; prints nothing when all did, every time. The question to DNS goes through `dd`,
 * because bash would send one packet for each line, and a label of ten letters begins with a newline.
 */
export function networkScript(targets: readonly NetworkTarget[], dns: string | undefined, domain: string): string {
    const name = `kubernetes.default.svc.${domain}`;
    const asks = [
        ...targets.map(({ pod, address, port }) => `ask_pod ${pod} ${address} ${port} &`),
        ...(dns === undefined ? [] : [`ask_dns ${dns} &`]),
    ];
    return `export LC_ALL=C
ask_pod() {
    said=$(timeout $patience bash -c "exec 3<>/dev/tcp/$2/$3" 2>&1) && return
    case $said in
        *refused*) ;;
        *route*) echo "no route to pod $1 at $2" ;;
        *) echo "pod $1 at $2 does not answer on port $3" ;;
    esac
}
ask_dns() {
    set -- $1 $(timeout $patience bash -c "exec 3<>/dev/udp/$1/53; printf '${octal(dnsQuery(name))}' | dd bs=512 iflag=fullblock >&3; dd bs=512 count=1 <&3 | od -An -tx1 -N8" 2>/dev/null)
    [ "\${5#?}" = 0 ] && [ "$8$9" != 0000 ] && [ -n "$9" ] || echo "DNS at $1 does not resolve ${name}"
}
ask_all() {
${asks.map((ask) => `    ${ask}`).join("\n")}
    wait
}
patience=0.2
for _ in $(seq ${QUICK_ROUNDS}); do
    [ -z "$(ask_all)" ] && break
done
patience=1
for _ in $(seq ${ROUNDS}); do
    failed=$(ask_all)
    [ -z "$failed" ] || { echo "$failed"; exit 0; }
done`;
}

/** For printf within double quotes within single ones. */
function octal(bytes: Buffer): string {
    return [...bytes].map((byte) => `\\\\${byte.toString(8).padStart(3, "0")}`).join("");
}
