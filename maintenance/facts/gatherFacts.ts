import type { Duration } from "../../model/duration";
import { inventoryHosts, type ClusterInventory, type InventoryHost } from "../../model/inventory";
import type { KubernetesFacts } from "../ports/kubernetes";
import type { Clock } from "../workflow/clock";
import { ask, unanswered, type Answer } from "./answer";
import type { ApiServerFacts, ByHost, ClusterFacts, EtcdFacts } from "./clusterFacts";
import type { ClusterPorts } from "./clusterPorts";
import { apiFrontendPort, apiServerPort, unitsOf } from "./topology";

export interface GatherOptions {
    /** The longest wait for one answer. */
    readonly timeout: Duration;
    readonly clock: Clock;
}

/** Asks everything at once; takes no longer than two answers in a row, whatever is dead. */
export async function gatherFacts(
    inventory: ClusterInventory,
    ports: ClusterPorts,
    options: GatherOptions,
): Promise<ClusterFacts> {
    const { timeout } = options;
    const nodes = inventory.hosts.filter((host) => host.role !== "load-balancer");
    const balancers = inventoryHosts(inventory, "load-balancer");
    const observedAt = options.clock.now();
    const [units, certificates, etcd, apiServers, balancerServers, balancerAddresses, kubernetes] = await Promise.all([
        askEach(inventory.hosts, timeout, (host) => ports.systemd.states(host, unitsOf(host.role))),
        askEach(nodes, timeout, (host) => ports.certificates.onHost(host)),
        etcdFacts(inventory, ports, timeout),
        apiServerFacts(inventory, ports, timeout),
        askEach(balancers, timeout, (host) => balancerServersOn(inventory, ports, host)),
        askEach(balancers, timeout, (host) => ports.loadBalancers.addresses(host)),
        kubernetesFacts(inventory, ports, timeout),
    ]);
    return {
        observedAt,
        units,
        certificates,
        etcd,
        apiServers,
        balancers: balancerServers,
        balancerAddresses,
        kubernetes,
    };
}

async function askEach<T>(
    hosts: readonly InventoryHost[],
    timeout: Duration,
    question: (host: InventoryHost) => Promise<T>,
): Promise<ByHost<T>> {
    const answers = hosts.map(async (host) => [host.name, await ask(() => question(host), timeout)] as const);
    return Object.fromEntries(await Promise.all(answers));
}

async function etcdFacts(inventory: ClusterInventory, { etcd }: ClusterPorts, timeout: Duration): Promise<EtcdFacts> {
    const hosts = inventoryHosts(inventory, "control-plane");
    const [members, status, health, alarms] = await Promise.all([
        askEach(hosts, timeout, (host) => etcd.members(host, { consistent: false })),
        askEach(hosts, timeout, (host) => etcd.status(host)),
        askEach(hosts, timeout, (host) => etcd.health(host)),
        askEach(hosts, timeout, (host) => etcd.alarms(host)),
    ]);
    return { members, status, health, alarms };
}

async function apiServerFacts(
    inventory: ClusterInventory,
    { apiServers, kubernetes }: ClusterPorts,
    timeout: Duration,
): Promise<ApiServerFacts> {
    const controlPlanes = inventoryHosts(inventory, "control-plane");
    const { address: identity, port } = inventory.endpoint;
    const [direct, throughBalancer, endpoint, versions] = await Promise.all([
        askEach(controlPlanes, timeout, ({ name, address }) =>
            apiServers.readiness({ address, port: apiServerPort(inventory, name), identity: address }),
        ),
        askEach(inventoryHosts(inventory, "load-balancer"), timeout, ({ name, address }) =>
            apiServers.readiness({ address, port: apiFrontendPort(inventory, name), identity }),
        ),
        ask(() => apiServers.readiness({ address: identity, port, identity }), timeout),
        askEach(controlPlanes, timeout, (host) => kubernetes.version(directServer(inventory, host))),
    ]);
    return { direct, throughBalancer, endpoint, versions };
}

async function balancerServersOn(inventory: ClusterInventory, { loadBalancers }: ClusterPorts, host: InventoryHost) {
    const balancer = inventory.loadBalancers.find((candidate) => candidate.host === host.name);
    if (balancer === undefined) throw new Error("the inventory describes no HAProxy on this host");
    return loadBalancers.servers({ host, adminSocket: balancer.adminSocket });
}

/** Through the endpoint as clients do; when nothing answers there, from whichever control plane does. */
async function kubernetesFacts(
    inventory: ClusterInventory,
    { kubernetes }: ClusterPorts,
    timeout: Duration,
): Promise<Answer<KubernetesFacts>> {
    const { address, port } = inventory.endpoint;
    const first = await ask(() => kubernetes.facts(`https://${address}:${port}`), timeout);
    if (first.answered) return first;
    const servers = inventoryHosts(inventory, "control-plane").map((host) => directServer(inventory, host));
    const second = await ask(() => Promise.any(servers.map((server) => kubernetes.facts(server))), timeout);
    return second.answered ? second : unanswered(first.why);
}

function directServer(inventory: ClusterInventory, host: InventoryHost): string {
    return `https://${host.address}:${apiServerPort(inventory, host.name)}`;
}
