import { join } from "node:path";
import { ConfigError } from "../../model/configError";
import { rebootPlanSchema } from "../actions/reboot/rebootPlan";
import { readSettings } from "../actions/reboot/runSettings";
import { systemClock } from "../workflow/clock";
import type { JournalEntry } from "../workflow/journal";
import { isOver } from "../workflow/runEnded";
import { openJournalFile, type JournalFile } from "../workflow/journalFile";
import { runIds, runsFolder } from "../workflow/runFolder";
import type { Execution } from "./execution";
import { underLock } from "./execution";
import type { Io } from "./io";
import { openMaintenanceCluster } from "./maintenanceCluster";
import type { ContinueOptions } from "./rebootOptions";
import { takeLock } from "./runLockOf";

/** Opens a run that has not ended, under its lock, and works on it. @throws ConfigError, LockHeldError */
export async function withOpenRun(
    options: ContinueOptions,
    io: Io,
    work: (execution: Execution) => Promise<number>,
): Promise<number> {
    const cluster = await openMaintenanceCluster(options, io);
    try {
        const runs = runsFolder(cluster.inventory.clusterName, io.environment);
        const { runId, journal, begin } = findRun(runs, options.run);
        const settings = readSettings(begin.settings);
        const route = settings.route && { path: settings.route.path, hostHeader: settings.route.hostHeader };
        const ports = cluster.ports(route, (line) => io.stderr.write(`quorate: warning: ${line}\n`));
        const lock = await takeLock(ports.lease, runId, runs);
        const folder = join(runs, runId);
        const plan = rebootPlanSchema.parse(begin.plan);
        return await underLock(lock, () =>
            work({ cluster, ports, options, io, runId, folder, journal, lock, plan, settings }),
        );
    } finally {
        cluster.close();
    }
}

type Begin = Extract<JournalEntry, { kind: "run" }>;

function findRun(runs: string, wanted: string | undefined): { runId: string; journal: JournalFile; begin: Begin } {
    for (const runId of wanted === undefined ? runIds(runs) : runIds(runs).filter((id) => id === wanted)) {
        const journal = openJournalFile(join(runs, runId, "journal.ndjson"), systemClock);
        const begin = journal.entries.find((entry) => entry.kind === "run");
        if (begin !== undefined && !isOver(journal.entries)) return { runId, journal, begin };
        journal.close();
    }
    const which = wanted === undefined ? "no run that has not ended" : `no unfinished run ${wanted}`;
    throw new ConfigError("command line", [
        {
            path: "--run",
            message: `there is ${which} in ${runs}; run this on the machine and as the user of the run, or take its lock with \`quorate unlock --run ID\``,
        },
    ]);
}
