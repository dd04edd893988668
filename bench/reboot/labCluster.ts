import { readFile } from "node:fs/promises";
import { outputsPath } from "../../lab/cluster/cluster";
import { kubeconfigPath } from "../../lab/environment";
import { privateKeyPath } from "../../lab/hosts";
import type { RebootPorts } from "../../maintenance/actions/reboot/rebootPorts";
import { type ApiCaller, openApiCaller } from "../../maintenance/ports/apiCaller";
import { readKubeconfig } from "../../maintenance/ports/kubeconfig";
import { openRebootPorts } from "../../maintenance/ports/rebootPorts";
import { openSsh } from "../../maintenance/ports/ssh";
import { readStackOutputs } from "../../maintenance/ports/stackOutputs";
import { systemClock } from "../../maintenance/workflow/clock";
import { Duration } from "../../model/duration";
import type { ClusterInventory } from "../../model/inventory";
import { type Kubectl, openKubectl } from "./kubectl";

/** Bound of each request to the API. */
const TIMEOUT = Duration.seconds(10);

/** The lab's cluster, with open connections that an interruption leaves open, so that things can be put back. */
export interface LabCluster {
    readonly inventory: ClusterInventory;
    readonly ports: RebootPorts;
    /** Through the endpoint, as users go. */
    readonly api: ApiCaller;
    readonly kubectl: Kubectl;
}

/** Works on the lab's cluster. @throws ConfigError, LabError when the lab holds none */
export async function withLabCluster<T>(work: (cluster: LabCluster) => Promise<T>): Promise<T> {
    const { inventory } = await readStackOutputs({ kind: "file", path: outputsPath() });
    const access = readKubeconfig({ subject: kubeconfigPath(), text: await readFile(kubeconfigPath(), "utf8") });
    const kubectl = await openKubectl();
    const remote = openSsh({ identity: { privateKey: await readFile(privateKeyPath(), "utf8") } });
    try {
        const ports = openRebootPorts(remote, access, {
            inventory,
            route: undefined,
            clock: systemClock,
            timeout: TIMEOUT,
        });
        return await work({ inventory, ports, api: openApiCaller(access, [access.server], TIMEOUT), kubectl });
    } finally {
        remote.close();
    }
}
