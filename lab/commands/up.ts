import { awaitHealthy, clusterStatus } from "../cluster/quorate";
import { bringUp, bringUpWorkloads } from "../cluster/cluster";
import { forgetApplied, isApplied, programHash, recordApplied } from "../cluster/applied";
import { ensureCompiled } from "../cluster/compiled";
import { labClusterConfig } from "../cluster/stackConfig";
import { applicationHost, labWorkloadsConfig } from "../cluster/workloadsConfig";
import { hostInventory } from "../hosts";
import { whileLocked } from "../lock";
import { machineFacts } from "../machine";
import { type PreparedLab, prepareLab, startHosts } from "../prepare";
import { Progress, formatSeconds } from "../progress";
import { labNetwork } from "../topology";

const NEXT = `
Work with it:
  eval "$(npm run --silent lab -- env)"    then kubectl and pulumi work on the lab
  npm run lab -- status                    hosts and cluster
  npm run lab -- ssh cp1                   a shell on a host
  curl -H "Host: ${applicationHost}" http://${labNetwork.virtualAddress}/hostname
                                           a pod of the application, through balancers and ingress
  npm run lab -- down                      remove everything but the cache
`;

/** For balancers and controllers to notice what `pulumi up` has made. What stays wrong is in the status that is shown then. */
const SETTLE_MS = 60_000;

/** `npm run lab`: makes whatever of the lab is not there yet. @returns 4 when the cluster is not healthy */
export async function up(): Promise<number> {
    const progress = new Progress();
    const started = Date.now();
    await whileLocked(async () => {
        const lab = await prepareLab(progress);
        await ensureCompiled(progress);
        const { started: fresh } = await startHosts(lab, progress);
        await cluster(lab, fresh.length > 0, progress);
    });
    await progress.during("the cluster's own checks", () => awaitHealthy(SETTLE_MS));
    const status = await clusterStatus();
    progress.note(`the lab is up after ${formatSeconds(Date.now() - started)}`);
    progress.note(NEXT);
    return status;
}

async function cluster(lab: PreparedLab, hostsAreFresh: boolean, progress: Progress): Promise<void> {
    const { cgroupVersion } = await machineFacts();
    const config = labClusterConfig(await hostInventory(), lab.bundle.sha256sums, cgroupVersion === 1);
    const workloads = labWorkloadsConfig();
    if (hostsAreFresh) await forgetApplied();
    const hash = await programHash(config);
    if (await isApplied("cluster", hash)) {
        progress.note("the cluster is as configured");
    } else {
        await progress.during("pulumi up: the cluster", () => bringUp(config));
        await recordApplied("cluster", hash);
    }
    const workloadsHash = await programHash(config, workloads);
    if (await isApplied("workloads", workloadsHash)) return progress.note("its workloads are as configured");
    await progress.during("pulumi up: ingress and application", () => bringUpWorkloads(workloads));
    await recordApplied("workloads", workloadsHash);
}
