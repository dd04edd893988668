import { inventoryHosts, type ClusterInventory } from "../../model/inventory";
import type { Duration } from "../../model/duration";
import type { RebootPorts, RebootPortsOptions } from "../actions/reboot/rebootPorts";
import { openApiCaller } from "./apiCaller";
import { openBalancerControl } from "./balancerControl";
import { openEtcd } from "./etcd";
import { openEtcdControl } from "./etcdControl";
import { openHostControl } from "./hostControl";
import type { ClusterAccess } from "./kubeconfig";
import { openNodeControl } from "./nodeControl";
import { openPodControl } from "./podControl";
import type { Remote } from "./remote";
import { openRunLease, openRunMirror } from "./runState";
import { openVirtualAddress } from "./virtualAddress";

/** What the real ports need beside their connections. */
export interface OpenRebootPortsOptions extends RebootPortsOptions {
    /** Bound of each request to the Kubernetes API. */
    readonly timeout: Duration;
    /** Told what makes a step less than seamless without being an error. */
    readonly warn?: (line: string) => void;
}

/** Where an API server made by kubeadm listens. */
const API_PORT = 6443;

/** The real thing: SSH to the hosts, and the Kubernetes API at whichever server answers. */
export function openRebootPorts(remote: Remote, access: ClusterAccess, options: OpenRebootPortsOptions): RebootPorts {
    const { inventory, route, clock, timeout, warn = () => undefined } = options;
    const api = openApiCaller(access, apiServers(access, inventory), timeout);
    const hosts = openHostControl(remote, { inventory, route, api });
    return {
        balancers: openBalancerControl(remote, inventory),
        virtualAddress: openVirtualAddress(remote, inventory, clock, warn),
        nodes: openNodeControl(api),
        pods: openPodControl(api),
        etcd: openEtcdControl(openEtcd(remote), inventory, clock),
        hosts,
        lease: openRunLease(api),
        mirror: openRunMirror(api),
        clock,
    };
}

/** URLs of the cluster's API, the endpoint first, for `openApiCaller`. */
export function apiServers({ server }: ClusterAccess, inventory: ClusterInventory): string[] {
    const controlPlanes = inventoryHosts(inventory, "control-plane");
    return [server, ...controlPlanes.map(({ address }) => `https://${address}:${API_PORT}`)];
}
