import path from "node:path";
import { ensureCompiled } from "../../lab/cluster/compiled";
import { hasCluster } from "../../lab/cluster/quorate";
import { up } from "../../lab/commands/up";
import { whileLocked } from "../../lab/lock";
import { Progress } from "../../lab/progress";
import { statePath } from "../../lab/settings";
import type { Duration } from "../../model/duration";
import { withLabCluster } from "./labCluster";
import { measureWay } from "./measureWay";
import type { Figures } from "./figures";
import { quorate } from "./quorateProgram";
import type { WayName } from "./ways";

export interface BenchOptions {
    readonly rounds: number;
    readonly ways: readonly WayName[];
    /** Between two hosts, where a way has one. */
    readonly pause: Duration;
    readonly stop: AbortSignal;
    /** Told of each way as soon as it is measured. @param round counted from 0 */
    readonly measured: (round: number, way: WayName, figures: Figures) => void;
}

/** Goes the ways one after the other on the lab, round by round. The lab is started where it is not up and healthy. */
export async function measure({ rounds, ways, pause, stop, measured }: BenchOptions): Promise<void> {
    const progress = new Progress();
    await ensureUp(progress);
    const folder = statePath("bench-reboot", new Date().toISOString().replaceAll(/[:.]/g, "-"));
    progress.note(`events and availability reports: ${folder}`);
    await whileLocked(() =>
        withLabCluster(async (cluster) => {
            for (let round = 0; round < rounds; round++) {
                for (const name of ways) {
                    stop.throwIfAborted();
                    const into = path.join(folder, `round-${round + 1}-${name}`);
                    const found = await progress.during(`round ${round + 1} of ${rounds}, (${name})`, (detail) =>
                        measureWay({ name, cluster, folder: into, pause, stop, detail }),
                    );
                    progress.note(summary(name, found));
                    measured(round, name, found);
                }
            }
        }),
    );
}

async function ensureUp(progress: Progress): Promise<void> {
    await ensureCompiled(progress);
    if (hasCluster() && (await quorate("status", [])).status === 0) return;
    await up();
}

function summary(way: WayName, { ingress, api, time, invalid }: Figures): string {
    const failed = `${ingress.failed} of ${ingress.sent} ingress and ${api.failed} of ${api.sent} API requests failed`;
    const proves = invalid.length === 0 ? "" : "; the measurement proves nothing";
    return `(${way}): ${failed}, ${time.wall.toFixed(1)} s${proves}`;
}
