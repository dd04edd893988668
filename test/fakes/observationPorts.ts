import type { Answer } from "../../maintenance/facts/answer";
import type { ClusterFacts } from "../../maintenance/facts/clusterFacts";
import type { ClusterPorts } from "../../maintenance/facts/clusterPorts";
import type { ClusterInventory } from "../../model/inventory";

/** Ports that answer what the facts say, and fail where the facts have no answer. */
export function observationPorts(inventory: ClusterInventory, facts: ClusterFacts): ClusterPorts {
    const hostAt = (address: string) => inventory.hosts.find((host) => host.address === address)?.name ?? "";
    const hostOfServer = (server: string) => hostAt(new URL(server).hostname);
    const { endpoint } = inventory;
    return {
        systemd: { states: async (host) => given(facts.units[host.name]) },
        certificates: { onHost: async (host) => [...given(facts.certificates[host.name])] },
        etcd: {
            members: async (on) => [...given(facts.etcd.members[on.name])],
            status: async (on) => given(facts.etcd.status[on.name]),
            health: async (on) => given(facts.etcd.health[on.name]),
            alarms: async (on) => [...given(facts.etcd.alarms[on.name])],
            moveLeader: forbidden,
            removeMember: forbidden,
        },
        apiServers: {
            async readiness({ address }) {
                if (address === endpoint.address) return given(facts.apiServers.endpoint);
                const host = hostAt(address);
                return given(facts.apiServers.direct[host] ?? facts.apiServers.throughBalancer[host]);
            },
        },
        loadBalancers: {
            servers: async ({ host }) => [...given(facts.balancers[host.name])],
            addresses: async (host) => [...given(facts.balancerAddresses[host.name])],
        },
        kubernetes: {
            facts: async () => given(facts.kubernetes),
            version: async (server) => given(facts.apiServers.versions[hostOfServer(server)]),
        },
    };
}

function given<T>(answer: Answer<T> | undefined): T {
    if (answer?.answered) return answer.value;
    throw new Error(answer?.why ?? "not asked in this test");
}

function forbidden(): Promise<never> {
    throw new Error("an observation changes nothing");
}
