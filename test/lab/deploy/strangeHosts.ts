import type { ClusterLab } from "../clusterLab";
import { hostEntry } from "../cluster/inventory";
import type { HostTraits } from "../preparedCluster";

const ALL = "deploy,bastioned";

/** Hosts that only the user `deploy` can reach, and only through the bastion; each is strange in another way. */
export const STRANGE: HostTraits = {
    bastion: "deploy",
    lb1: `${ALL},fish,noisy`,
    lb2: `${ALL},dash,comma`,
    cp1: `${ALL},dash,noisy,proxied`,
    cp2: `${ALL},csh,noisy,comma`,
    cp3: `${ALL},fish,proxied,comma`,
    w1: `${ALL},dash,noisy,proxied,comma`,
    w2: `${ALL},csh,proxied`,
    w3: `${ALL},noisy`,
};

/** Has the cluster's configuration say how its hosts are reached. */
export function throughBastion(lab: ClusterLab): void {
    const { address, hostKey } = hostEntry(lab, "bastion");
    const proxy = { host: address, user: "deploy", hostKey };
    lab.configure((cluster) => ({ ...cluster, ssh: { user: "deploy", proxy } }));
}
