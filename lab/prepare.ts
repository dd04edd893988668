import { type Bundle, ensureBundle, ensurePulumi } from "./artifacts/bundle";
import { removeAbandonedEntries } from "./cache";
import { type BootReport, bootHosts } from "./hosts";
import { type HostImage, ensureImage } from "./image/hostImage";
import { requireMachine } from "./machine";
import { ensurePrograms, hostPrograms } from "./programs";
import type { Progress } from "./progress";
import { defaultHostNames } from "./topology";

/** What hosts and the cluster are made with. */
export interface PreparedLab {
    readonly bundle: Bundle;
    readonly image: HostImage;
    /** The Pulumi command line. */
    readonly pulumi: string;
}

/** Everything that must be there before a host can start: programs of this machine, the bundle, the image, Pulumi. */
export async function prepareLab(progress: Progress): Promise<PreparedLab> {
    for (const note of await requireMachine()) progress.note(note);
    await ensurePrograms(hostPrograms, progress);
    await removeAbandonedEntries();
    const bundle = await ensureBundle(progress);
    return { bundle, image: await ensureImage(bundle, progress), pulumi: await ensurePulumi(progress) };
}

/** Starts the hosts of the default topology that do not run. */
export async function startHosts(lab: PreparedLab, progress: Progress): Promise<BootReport> {
    const report = await progress.during("hosts", () => bootHosts(defaultHostNames, lab.image));
    progress.note(report.started.length > 0 ? `started: ${report.started.join(" ")}` : "all hosts were running");
    if (report.outdated.length > 0) {
        progress.note(`on an older image: ${report.outdated.join(" ")}; npm run lab -- down, then up, renews them`);
    }
    return report;
}
