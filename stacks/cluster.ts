import { HaCluster } from "../components/cluster/haCluster";
import { readClusterSettings } from "./config";
import { identityHolder, joiningHosts, recordedInventory, refuseUnsafeChanges } from "./recorded";

/** The stack that makes a cluster; exports the inventory that `quorate` reads and the administrator's kubeconfig (secret). */
export async function clusterStack() {
    const recorded = await recordedInventory();
    const { config, access } = readClusterSettings(recorded);
    refuseUnsafeChanges(config, recorded);
    const cluster = new HaCluster(config.name, {
        config,
        access,
        first: identityHolder(config, recorded),
        recorded,
        joining: joiningHosts(config, recorded),
    });
    return { inventory: cluster.inventory, kubeconfig: cluster.kubeconfig };
}
