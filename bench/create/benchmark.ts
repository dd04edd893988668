import { rm } from "node:fs/promises";
import { forgetApplied, programHash, recordApplied } from "../../lab/cluster/applied";
import { outputsPath, saveOutputs } from "../../lab/cluster/cluster";
import { ensureCompiled } from "../../lab/cluster/compiled";
import { labClusterConfig } from "../../lab/cluster/stackConfig";
import { kubeconfigPath } from "../../lab/environment";
import { discardHost, hostInventory, isRunning } from "../../lab/hosts";
import { machineFacts } from "../../lab/machine";
import { type PreparedLab, prepareLab } from "../../lab/prepare";
import { throwIfStopping } from "../../lab/process";
import { type Progress, formatSeconds } from "../../lab/progress";
import { labHosts } from "../../lab/topology";
import { type ClusterConfigInput, parseClusterConfig } from "../../model/clusterConfig";
import { createWithQuorate } from "./createWithQuorate";
import { createByHand } from "./kubeadmByHand";
import { prepareHosts } from "./preparation";
import { type Results, type Round, type Way, evaluate } from "./results";

const CREATE = { kubeadm: createByHand, quorate: createWithQuorate } as const;

/**
 * Creates clusters on new hosts of the lab, in each round once in each way, and compares the times. The last cluster, one
 * of quorate's, stays as the lab's.
 */
export async function measure(rounds: number, progress: Progress): Promise<Results> {
    const lab = await prepareLab(progress);
    await ensureCompiled(progress);
    const { cgroupVersion } = await machineFacts();
    const cluster = labClusterConfig(await hostInventory(), lab.bundle.sha256sums, cgroupVersion === 1);
    await forgetCluster();
    const measured: Round[] = [];
    try {
        for (let round = 1; round <= rounds; round++) {
            const label = `round ${round} of ${rounds}`;
            const kubeadm = await creation("kubeadm", label, lab, cluster, progress);
            measured.push({ kubeadm, quorate: await creation("quorate", label, lab, cluster, progress) });
        }
    } catch (error) {
        progress.note("the hosts stay as they are, to be looked at; before the lab is used again: npm run lab -- down");
        throw error;
    }
    await saveOutputs();
    await recordApplied("cluster", await programHash(cluster));
    return evaluate(measured);
}

async function creation(
    way: Way,
    label: string,
    lab: PreparedLab,
    cluster: ClusterConfigInput,
    progress: Progress,
): Promise<Round[Way]> {
    throwIfStopping();
    const title = `${label}, ${way}`;
    const preparation = await progress.during(`${title}: new hosts, prepared`, () => prepareHosts(lab.image, cluster));
    const created = await progress.during(`${title}: creation`, () => CREATE[way](parseClusterConfig(cluster)));
    progress.note(`${title}: ${formatSeconds(created.seconds * 1000)}`);
    return { ...created, preparation };
}

/** From here on the lab's hosts are not what its records say; running spare hosts would share the processors. */
async function forgetCluster(): Promise<void> {
    await forgetApplied();
    await Promise.all([outputsPath(), kubeconfigPath()].map((file) => rm(file, { force: true })));
    const spare = labHosts.filter((host) => host.spare && isRunning(host.name));
    await Promise.all(spare.map(({ name }) => discardHost(name)));
}
