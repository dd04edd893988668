import { ConfigError } from "../../model/configError";
import { HOST_PHASES } from "../actions/reboot/hostPhases";
import { gatherRebootFacts } from "../actions/reboot/gatherRebootFacts";
import { planReboot } from "../actions/reboot/planReboot";
import { planText } from "../actions/reboot/planText";
import type { RebootPlan } from "../actions/reboot/rebootPlan";
import type { RebootPorts } from "../actions/reboot/rebootPorts";
import { writeSettings, type RunSettings } from "../actions/reboot/runSettings";
import { systemClock } from "../workflow/clock";
import { InterruptedError } from "../workflow/interruptedError";
import { openJournalFile } from "../workflow/journalFile";
import { RefusedError } from "../workflow/refusedError";
import { journalPath, makeRunFolder, newRunId, runsFolder } from "../workflow/runFolder";
import { StopRequest } from "../workflow/stopRequest";
import { underLock } from "./execution";
import { EXIT } from "./exitCodes";
import type { Io } from "./io";
import { openMaintenanceCluster, type MaintenanceCluster } from "./maintenanceCluster";
import { carryOut } from "./carryOut";
import type { RebootOptions } from "./rebootOptions";
import { takeLock } from "./runLockOf";

/**
 * Plans and carries out a rolling reboot; returns the exit status.
 * @throws ConfigError, RefusedError, LockHeldError
 * @throws InterruptedError for a signal before anything was changed
 */
export async function runReboot(options: RebootOptions, io: Io): Promise<number> {
    const cluster = await openMaintenanceCluster(options, io);
    try {
        return await rebootCluster(cluster, options, io);
    } finally {
        cluster.close();
    }
}

/** The same on a cluster that is open. */
export async function rebootCluster(cluster: MaintenanceCluster, options: RebootOptions, io: Io): Promise<number> {
    refuseUnknownHosts(options, cluster);
    const settings = settingsOf(options);
    const ports = cluster.ports(routeOf(settings), (line) => io.stderr.write(`quorate: warning: ${line}\n`));
    const runId = newRunId(systemClock);
    if (options.dryRun) return printPlan(await makePlan(cluster, ports, options, runId, io), options, io);
    const { clusterName } = cluster.inventory;
    const runs = runsFolder(clusterName, io.environment);
    const stop = new StopRequest();
    io.onInterrupt?.(() => stop.ask("a signal"));
    const lock = await takeLock(ports.lease, { runId, runs, isNew: true });
    return underLock(lock, async () => {
        const planned = unlessStopped(() => makePlan(cluster, ports, options, runId, io), stop, io);
        const plan = await planned.catch(async (error: unknown) => {
            // Where that fails, too, the lock says that its run has changed nothing.
            await lock.release().catch(() => undefined);
            throw error;
        });
        if (plan.steps.length === 0) {
            await lock.release();
            return printPlan(plan, options, io);
        }
        const folder = makeRunFolder(runs, runId);
        const journal = openJournalFile(journalPath(runs, runId), systemClock);
        const written = writeSettings(settings);
        await journal.append({ kind: "run", runId, action: "reboot", cluster: clusterName, plan, settings: written });
        return carryOut({ cluster, ports, options, io, runId, folder, journal, lock, stop, plan, settings });
    });
}

/** A plan changes nothing, so nobody has to wait for it. @throws InterruptedError at the first signal */
function unlessStopped<T>(work: () => Promise<T>, stop: StopRequest, io: Io): Promise<T> {
    return new Promise((resolve, reject) => {
        const interrupt = () => {
            stop.ask("a signal");
            reject(new InterruptedError("a signal came before anything was changed"));
        };
        if (stop.reason !== undefined) return interrupt();
        io.onInterrupt?.(interrupt);
        work().then(resolve, reject);
    });
}

async function makePlan(
    { inventory }: MaintenanceCluster,
    ports: RebootPorts,
    options: RebootOptions,
    runId: string,
    io: Io,
): Promise<RebootPlan> {
    const { host, role, onlyRequired, maxParallelWorkers, policy } = options;
    const names = inventory.hosts.map(({ name }) => name);
    const nodes = inventory.hosts.filter((one) => one.role !== "load-balancer").map(({ name }) => name);
    const facts = await gatherRebootFacts(inventory, ports, {
        drained: host.length === 0 ? nodes : nodes.filter((name) => host.includes(name)),
        sentinelOf: onlyRequired ? names : [],
        underWay: [],
        beforePlan: { report: (line) => io.stderr.write(`quorate: waiting: ${line}\n`) },
    });
    const selection = { hosts: host, roles: role, onlyRequired };
    const planned = planReboot(facts, { selection, maxParallelWorkers, policy, runId });
    if (planned.kind === "refused") {
        throw new RefusedError(
            "reboot",
            planned.objections,
            "nothing was changed; run again when all of this is mended",
        );
    }
    for (const warning of planned.warnings) io.stderr.write(`quorate: warning: ${warning}\n`);
    return planned.plan;
}

function printPlan(plan: RebootPlan, { json }: RebootOptions, io: Io): number {
    io.stdout.write(`${json ? JSON.stringify(plan, null, 2) : planText(plan, HOST_PHASES)}\n`);
    return EXIT.ok;
}

function refuseUnknownHosts({ host }: RebootOptions, { inventory }: MaintenanceCluster): void {
    const names = inventory.hosts.map(({ name }) => name);
    const problems = host
        .filter((name) => !names.includes(name))
        .map((name) => ({
            path: `--host ${name}`,
            message: `is no host of ${inventory.clusterName}; write one of ${names.join(", ")}`,
        }));
    if (problems.length > 0) throw new ConfigError("command line", problems);
}

function settingsOf(options: RebootOptions): RunSettings {
    const { policy, takeAddressBack, window, hookBefore, hookAfter, ingressHost, ingressPath } = options;
    return {
        policy,
        takeAddressBack,
        window,
        hookBefore,
        hookAfter,
        route:
            ingressPath === undefined && ingressHost === undefined
                ? undefined
                : { path: ingressPath ?? "/", hostHeader: ingressHost },
        deadlines: {
            sessions: options.sessionsTimeout,
            drain: options.drainTimeout,
            volumes: options.volumesTimeout,
            boot: options.bootTimeout,
            ready: options.readyTimeout,
        },
    };
}

function routeOf({ route }: RunSettings) {
    return route && { path: route.path, hostHeader: route.hostHeader };
}
