import { forgetApplied } from "../cluster/applied";
import { parseTraits, resetHosts } from "../hosts";
import { whileLocked } from "../lock";
import { prepareLab } from "../prepare";
import { Progress } from "../progress";
import { defaultHostNames, findHost } from "../topology";

/** What may be said about new hosts, as typed. */
export interface ResetOptions {
    readonly traits?: string;
    readonly newKeys?: boolean;
}

/** `npm run lab -- reset [HOST...]`: new hosts in place of the named ones, or of all; their SSH host keys may stay. */
export async function reset(names: readonly string[], options: ResetOptions = {}): Promise<void> {
    const renewal = { traits: parseTraits(options.traits ?? ""), newKeys: options.newKeys ?? false };
    const hosts = names.length > 0 ? names.map((name) => findHost(name).name) : defaultHostNames;
    const progress = new Progress();
    await whileLocked(async () => {
        const { image } = await prepareLab(progress);
        await forgetApplied();
        await progress.during(`new hosts ${hosts.join(" ")}`, () => resetHosts(hosts, image, renewal));
    });
}
