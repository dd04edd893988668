import type { ClusterInventory, InventoryHost } from "../../model/inventory";

/** A host of the inventory by its name. @throws Error when there is none */
export function inventoryHost({ hosts }: ClusterInventory, name: string): InventoryHost {
    const found = hosts.find((host) => host.name === name);
    if (found !== undefined) return found;
    throw new Error(`no host ${name} in the inventory; expected one of ${hosts.map((host) => host.name).join(", ")}`);
}
