import type { LaneSources } from "../../../../maintenance/observe/laneSources";
import type { World } from "../actions/reboot/simulation/world";
import { isReady } from "../actions/reboot/simulation/worldRules";

/** What can be seen of a simulated cluster; looking takes no time there and changes nothing. */
export function simLaneSources(world: World): LaneSources {
    const { hosts, inventory } = world;
    const ready = (name: string) => isReady(world, hosts.get(name)!);
    const servers = (balancer: string) =>
        inventory.loadBalancers.flatMap(({ backends }) =>
            backends.flatMap(({ name: backend, purpose, servers: list }) =>
                list.map(({ name: host }) => ({
                    balancer,
                    purpose,
                    backend,
                    host,
                    administrative: (purpose === "ingress" && world.ingress.get(`${balancer}/${host}`)) || "ready",
                    up: ready(host),
                    sessions: 0,
                })),
            ),
        );
    return {
        balancers: () =>
            Promise.resolve(
                inventory.loadBalancers.map(({ host: balancer }) => ({
                    balancer,
                    unreachable: ready(balancer) ? "" : "no answer",
                    servers: servers(balancer),
                })),
            ),
        addressOwner: () => Promise.resolve(world.addressOwner),
        etcdLeader: () => Promise.resolve(world.leader),
        nodeStates: () =>
            Promise.resolve(
                inventory.hosts.map(({ name }) => ({
                    name,
                    condition: ready(name) ? "Ready" : "NotReady",
                    cordoned: hosts.get(name)!.cordonedBy !== undefined,
                })),
            ),
    };
}

const silent = () => Promise.reject(new Error("no answer"));

/** A cluster of which nothing can be seen. */
export const blindLaneSources: LaneSources = {
    balancers: silent,
    addressOwner: silent,
    etcdLeader: silent,
    nodeStates: silent,
};
