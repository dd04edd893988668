import { join } from "node:path";
import { ConfigError } from "../../model/configError";
import { HOST_PHASES } from "../actions/reboot/hostPhases";
import { gatherRebootFacts } from "../actions/reboot/gatherRebootFacts";
import { planReboot } from "../actions/reboot/planReboot";
import { planText } from "../actions/reboot/planText";
import type { RebootPlan } from "../actions/reboot/rebootPlan";
import type { RebootPorts } from "../actions/reboot/rebootPorts";
import { writeSettings, type RunSettings } from "../actions/reboot/runSettings";
import { systemClock } from "../workflow/clock";
import { openJournalFile } from "../workflow/journalFile";
import { RefusedError } from "../workflow/refusedError";
import { makeRunFolder, newRunId, runsFolder } from "../workflow/runFolder";
import { underLock } from "./execution";
import { EXIT } from "./exitCodes";
import type { Io } from "./io";
import { openMaintenanceCluster, type MaintenanceCluster } from "./maintenanceCluster";
import { carryOut } from "./carryOut";
import type { RebootOptions } from "./rebootOptions";
import { takeLock } from "./runLockOf";

/** Plans and carries out a rolling reboot; returns the exit status. @throws ConfigError, RefusedError, LockHeldError */
export async function runReboot(options: RebootOptions, io: Io): Promise<number> {
    const cluster = await openMaintenanceCluster(options, io);
    try {
        refuseUnknownHosts(options, cluster);
        const settings = settingsOf(options);
        const warn = (line: string) => io.stderr.write(`quorate: warning: ${line}\n`);
        const ports = cluster.ports(routeOf(settings), warn);
        const runId = newRunId(systemClock);
        if (options.dryRun) return printPlan(await makePlan(cluster, ports, options, runId), options, io);
        const runs = runsFolder(cluster.inventory.clusterName, io.environment);
        const lock = await takeLock(ports.lease, runId, runs);
        return await underLock(lock, async () => {
            const plan = await makePlan(cluster, ports, options, runId).catch(async (error: unknown) => {
                await lock.release();
                throw error;
            });
            if (plan.steps.length === 0) {
                await lock.release();
                return printPlan(plan, options, io);
            }
            const folder = makeRunFolder(runs, runId);
            const journal = openJournalFile(join(folder, "journal.ndjson"), systemClock);
            const { clusterName } = cluster.inventory;
            await journal.append({
                kind: "run",
                runId,
                action: "reboot",
                cluster: clusterName,
                plan,
                settings: writeSettings(settings),
            });
            return carryOut({ cluster, ports, options, io, runId, folder, journal, lock, plan, settings });
        });
    } finally {
        cluster.close();
    }
}

async function makePlan(
    { inventory }: MaintenanceCluster,
    ports: RebootPorts,
    options: RebootOptions,
    runId: string,
): Promise<RebootPlan> {
    const { host, role, onlyRequired, maxParallelWorkers, policy } = options;
    const names = inventory.hosts.map(({ name }) => name);
    const nodes = inventory.hosts.filter((one) => one.role !== "load-balancer").map(({ name }) => name);
    const facts = await gatherRebootFacts(inventory, ports, {
        drained: host.length === 0 ? nodes : nodes.filter((name) => host.includes(name)),
        sentinelOf: onlyRequired ? names : [],
        underWay: [],
    });
    const selection = { hosts: host, roles: role, onlyRequired };
    const planned = planReboot(facts, { selection, maxParallelWorkers, policy, runId });
    if (planned.kind === "plan") return planned.plan;
    throw new RefusedError("reboot", planned.objections, "nothing was changed; run again when all of this is mended");
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
