import { Duration } from "../../model/duration";
import type { ClusterInventory } from "../../model/inventory";
import type { IngressRoute, RebootPorts } from "../actions/reboot/rebootPorts";
import type { LaneSources } from "../observe/laneSources";
import { readKubeconfig } from "../ports/kubeconfig";
import { openLaneSources } from "../ports/laneSources";
import { openRebootPorts } from "../ports/rebootPorts";
import { openSsh } from "../ports/ssh";
import { readStackOutputs } from "../ports/stackOutputs";
import { systemClock } from "../workflow/clock";
import { kubeconfigSource, outputsSource, sshIdentity } from "./clusterSource";
import type { ClusterOptions } from "./commonOptions";
import type { Io } from "./io";

/** How long a host may take to answer a dial: one that boots is dialled again and again. */
const DIAL_TIMEOUT = Duration.seconds(5);

/** A cluster that can be maintained, with open connections. */
export interface MaintenanceCluster {
    readonly inventory: ClusterInventory;
    /** Not fenced. @param warn told what makes a step less than seamless */
    ports(route: IngressRoute | undefined, warn: (line: string) => void): RebootPorts;
    /** What is looked at while a run goes on. */
    laneSources(): LaneSources;
    close(): void;
}

/** @throws ConfigError */
export async function openMaintenanceCluster(options: ClusterOptions, io: Io): Promise<MaintenanceCluster> {
    const outputs = await readStackOutputs(outputsSource(options));
    const { inventory } = outputs;
    const access = readKubeconfig(kubeconfigSource(options, outputs, io.environment));
    const remote = openSsh({
        identity: sshIdentity(options, io.environment),
        proxy: inventory.proxy,
        dialTimeout: DIAL_TIMEOUT,
    });
    return {
        inventory,
        ports: (route, warn) =>
            openRebootPorts(remote, access, { inventory, route, clock: systemClock, timeout: options.timeout, warn }),
        laneSources: () => openLaneSources(remote, access, inventory, options.timeout),
        close: () => remote.close(),
    };
}
