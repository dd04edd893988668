import type { ClusterInventory, InventoryHost } from "../../../model/inventory";

/** @throws Error when the inventory has no such host: it has left the configuration since the plan was made */
export function hostNamed({ hosts, clusterName }: ClusterInventory, name: string): InventoryHost {
    const found = hosts.find((host) => host.name === name);
    if (found !== undefined) return found;
    throw new Error(
        `${name} is in the run's plan and not in the inventory of ${clusterName}; expected the hosts of its start; put it back into the configuration, or run \`quorate unlock\` and begin anew`,
    );
}
