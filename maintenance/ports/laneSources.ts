import type { Duration } from "../../model/duration";
import type { ClusterInventory } from "../../model/inventory";
import type { LaneSources } from "../observe/laneSources";
import { systemClock } from "../workflow/clock";
import { openApiCaller } from "./apiCaller";
import { openBalancerControl } from "./balancerControl";
import { openEtcd } from "./etcd";
import { openEtcdLeader } from "./etcdLeader";
import type { ClusterAccess } from "./kubeconfig";
import { nodeStates } from "./nodeStates";
import { apiServers } from "./rebootPorts";
import type { Remote } from "./remote";
import { openVirtualAddress } from "./virtualAddress";

/** The real thing, over the connections of the run. @param timeout bound of each request to the Kubernetes API */
export function openLaneSources(
    remote: Remote,
    access: ClusterAccess,
    inventory: ClusterInventory,
    timeout: Duration,
): LaneSources {
    const balancers = openBalancerControl(remote, inventory);
    const address = openVirtualAddress(remote, inventory, systemClock, () => undefined);
    const api = openApiCaller(access, apiServers(access, inventory), timeout);
    return {
        balancers: () => balancers.observe(),
        addressOwner: () => address.owner(),
        etcdLeader: openEtcdLeader(openEtcd(remote), inventory),
        nodeStates: () => nodeStates(api),
    };
}
