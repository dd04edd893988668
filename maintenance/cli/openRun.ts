import { join } from "node:path";
import { ConfigError } from "../../model/configError";
import { rebootPlanSchema } from "../actions/reboot/rebootPlan";
import { readSettings } from "../actions/reboot/runSettings";
import { systemClock } from "../workflow/clock";
import type { JournalEntry } from "../workflow/journal";
import { openJournalFile } from "../workflow/journalFile";
import { isOver, readRun } from "../workflow/runEnded";
import { journalPath, runIds, runsFolder } from "../workflow/runFolder";
import { StopRequest } from "../workflow/stopRequest";
import type { Execution } from "./execution";
import { underLock } from "./execution";
import type { Io } from "./io";
import { openMaintenanceCluster, type MaintenanceCluster } from "./maintenanceCluster";
import type { ContinueOptions } from "./rebootOptions";
import { takeLock } from "./runLockOf";

type Work = (execution: Execution) => Promise<number>;

/** Opens a run that has not ended, under its lock, and works on it. @throws ConfigError, LockHeldError */
export async function withOpenRun(options: ContinueOptions, io: Io, work: Work): Promise<number> {
    const cluster = await openMaintenanceCluster(options, io);
    try {
        return await workOnRun(cluster, options, io, work);
    } finally {
        cluster.close();
    }
}

/** The same on a cluster that is open. */
export async function workOnRun(
    cluster: MaintenanceCluster,
    options: ContinueOptions,
    io: Io,
    work: Work,
): Promise<number> {
    const runs = runsFolder(cluster.inventory.clusterName, io.environment);
    const { runId, begin } = findRun(runs, options.run);
    const plan = rebootPlanSchema.parse(begin.plan);
    const settings = readSettings(begin.settings);
    const route = settings.route && { path: settings.route.path, hostHeader: settings.route.hostHeader };
    const ports = cluster.ports(route, (line) => io.stderr.write(`quorate: warning: ${line}\n`));
    const stop = new StopRequest();
    io.onInterrupt?.(() => stop.ask("a signal"));
    const lock = await takeLock(ports.lease, { runId, runs, isNew: false });
    return underLock(lock, () => {
        // Before this nobody knows whether the run is still alive and writes to it.
        const journal = openJournalFile(journalPath(runs, runId), systemClock);
        const folder = join(runs, runId);
        return work({ cluster, ports, options, io, runId, folder, journal, lock, stop, plan, settings });
    });
}

type Begin = Extract<JournalEntry, { kind: "run" }>;

/**
 * The newest run, or the one that is named: an older one was left behind for a newer one, and its plan is no longer what
 * anybody expects.
 * @throws ConfigError when there is none, or nothing of it is left to do
 */
export function findRun(runs: string, wanted: string | undefined): { readonly runId: string; readonly begin: Begin } {
    for (const runId of runIds(runs).filter((id) => id === (wanted ?? id))) {
        const entries = readRun(runs, runId);
        const begin = entries.find((entry) => entry.kind === "run");
        if (begin === undefined) continue;
        if (!isOver(entries)) return { runId, begin };
        const which = wanted === undefined ? `the newest run, ${runId},` : `run ${runId}`;
        throw refused(`${which} has ended and nothing of it is left to do; write --run ID for another one`);
    }
    throw refused(
        `there is no run${wanted === undefined ? "" : ` ${wanted}`} in ${runs}; run this on the machine and as the user of the run, or take its lock with \`quorate unlock --run ID\``,
    );
}

function refused(message: string): ConfigError {
    return new ConfigError("command line", [{ path: "--run", message }]);
}
