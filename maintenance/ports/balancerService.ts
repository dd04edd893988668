import { Duration } from "../../model/duration";
import type { ClusterInventory, InventoryLoadBalancer } from "../../model/inventory";
import type { BalancerServer } from "./haproxyOutput";
import { BALANCER_UNITS } from "./hostScripts";
import { inventoryHost } from "./inventoryHost";
import { openLoadBalancers } from "./loadBalancer";
import type { Remote } from "./remote";

const TIMEOUT = Duration.seconds(10);
const UNITS = ["haproxy", "keepalived"];
/** A check that has succeeded, also while the next one runs, and nothing for servers that have none. */
const CHECKED = /^(\* )?(L[467]OK)?$/;

/** What of a load balancer does not serve: its units, its ports, backends without a server that was checked since the start. */
export async function unservedByBalancer(remote: Remote, inventory: ClusterInventory, host: string): Promise<string[]> {
    const balancer = inventory.loadBalancers.find((candidate) => candidate.host === host);
    if (balancer === undefined) throw new Error(`${host} is no load balancer`);
    const on = inventoryHost(inventory, host);
    const { stdout } = await remote.exec(on, BALANCER_UNITS, { timeout: TIMEOUT });
    const local = unservedLocally(stdout, balancer);
    if (local.length > 0) return local;
    const servers = await openLoadBalancers(remote).servers({ host: on, adminSocket: balancer.adminSocket });
    return unservedBackends(balancer, servers);
}

/** Reads the states of units and the listening addresses. Pure. */
export function unservedLocally(output: string, { frontends }: InventoryLoadBalancer): string[] {
    const lines = output.split("\n");
    const ports = new Set(lines.slice(UNITS.length).map((address) => Number(/:(\d+)$/.exec(address.trim())?.[1])));
    return [
        ...UNITS.flatMap((unit, index) =>
            lines[index] === "active" ? [] : [`${unit} is ${lines[index] || "in an unknown state"}`],
        ),
        ...frontends
            .filter(({ port }) => !ports.has(port))
            .map(({ name, port }) => `nothing listens for ${name} on port ${port}`),
    ];
}

/** Backends where no server is known to be up. HAProxy takes all servers for up until it has checked them. Pure. */
export function unservedBackends({ backends }: InventoryLoadBalancer, servers: readonly BalancerServer[]): string[] {
    return backends.flatMap(({ name }) => {
        const own = servers.filter(({ backend }) => backend === name);
        const waiting = own.filter(({ operational, lastCheck }) => operational === "up" && !CHECKED.test(lastCheck));
        if (waiting.length > 0)
            return [`${waiting.map((server) => `${name}/${server.name}`).join(", ")} not checked yet`];
        return own.some(({ operational }) => operational === "up") ? [] : [`no server of ${name} is up`];
    });
}
