import { forgetApplied } from "../cluster/applied";
import { resetHosts } from "../hosts";
import { whileLocked } from "../lock";
import { prepareLab } from "../prepare";
import { Progress } from "../progress";
import { defaultHostNames, findHost } from "../topology";

/** `npm run lab -- reset [HOST...]`: new hosts in place of the named ones, or of all; their SSH host keys stay. */
export async function reset(names: readonly string[]): Promise<void> {
    const hosts = names.length > 0 ? names.map((name) => findHost(name).name) : defaultHostNames;
    const progress = new Progress();
    await whileLocked(async () => {
        const { image } = await prepareLab(progress);
        await forgetApplied();
        await progress.during(`new hosts ${hosts.join(" ")}`, () => resetHosts(hosts, image));
    });
}
