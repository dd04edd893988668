import type { ClusterInventory, InventoryHost } from "../../model/inventory";

/** Where kubeadm makes API servers listen. */
const KUBEADM_PORT = 6443;

const UNITS: Readonly<Record<InventoryHost["role"], readonly string[]>> = {
    "load-balancer": ["haproxy", "keepalived"],
    "control-plane": ["containerd", "kubelet"],
    worker: ["containerd", "kubelet"],
};

/** systemd units that must be active on a host of this role. */
export function unitsOf(role: InventoryHost["role"]): readonly string[] {
    return UNITS[role];
}

/** Port of a control plane's own API server: what the balancers dial, or kubeadm's default behind an external one. */
export function apiServerPort(inventory: ClusterInventory, controlPlane: string): number {
    const servers = inventory.loadBalancers
        .flatMap(({ backends }) => backends)
        .filter(({ purpose }) => purpose === "api");
    return (
        servers.flatMap((backend) => backend.servers).find(({ name }) => name === controlPlane)?.port ?? KUBEADM_PORT
    );
}

/** Port of the API frontend on one load balancer. */
export function apiFrontendPort(inventory: ClusterInventory, balancer: string): number {
    const described = inventory.loadBalancers.find(({ host }) => host === balancer);
    const api = described?.backends.find(({ purpose }) => purpose === "api")?.name;
    return described?.frontends.find(({ backend }) => backend === api)?.port ?? inventory.endpoint.port;
}
