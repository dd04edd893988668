import { ensureCompiled } from "../cluster/compiled";
import { hasCluster, rebootCluster } from "../cluster/quorate";
import { LabError } from "../errors";
import { Progress } from "../progress";

/** `npm run lab -- reboot [OPTION...]`: every host of the lab rebooted under load. @returns the exit code of `quorate reboot` */
export async function reboot(options: readonly string[]): Promise<number> {
    if (!hasCluster()) throw new LabError("there is no cluster to reboot; make it: npm run lab");
    await ensureCompiled(new Progress());
    return rebootCluster(options);
}
