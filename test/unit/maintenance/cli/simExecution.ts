import { join } from "node:path";
import type { RebootPlan } from "../../../../maintenance/actions/reboot/rebootPlan";
import type { RebootPorts } from "../../../../maintenance/actions/reboot/rebootPorts";
import type { Execution } from "../../../../maintenance/cli/execution";
import type { MaintenanceCluster } from "../../../../maintenance/cli/maintenanceCluster";
import { openJournalFile } from "../../../../maintenance/workflow/journalFile";
import { RunLock } from "../../../../maintenance/workflow/runLock";
import { StopRequest } from "../../../../maintenance/workflow/stopRequest";
import { Duration } from "../../../../model/duration";
import { random } from "../actions/reboot/simulation/random";
import { simPorts } from "../actions/reboot/simulation/simPorts";
import { SETTINGS } from "../actions/reboot/simulation/simSession";
import type { World } from "../actions/reboot/simulation/world";
import { simLaneSources } from "../observe/simLaneSources";
import { fakeIo } from "./fakeIo";

export interface Change {
    readonly interrupt?: true;
    readonly notify?: string;
    readonly json?: true;
    readonly probe?: true;
    readonly hookBefore?: string;
}

/** A simulated cluster that is open. */
export function simCluster(world: World, ports: RebootPorts): MaintenanceCluster {
    return {
        inventory: world.inventory,
        ports: () => ports,
        laneSources: () => simLaneSources(world),
        close: () => undefined,
    };
}

/** A run of a plan on a simulated cluster, whose lock was just taken. @param folder of the run, with its journal if any */
export async function simExecution(world: World, folder: string, plan: RebootPlan, change: Change = {}) {
    const { io, printed } = fakeIo({ onInterrupt: (stop) => change.interrupt && stop() });
    const ports = simPorts(world, random(1), () => undefined);
    const lock = await RunLock.acquire({
        store: ports.lease,
        clock: ports.clock,
        holder: { user: "ann", machine: "bastion", pid: 1, runId: "run-1" },
        isAlive: () => false,
        hasEnded: () => false,
    });
    const { notify, json = false, probe = false, hookBefore } = change;
    const execution: Execution = {
        cluster: simCluster(world, ports),
        ports,
        options: { cwd: "/", json, timeout: Duration.seconds(1), probe, ...(notify ? { notify } : {}) },
        io,
        runId: "run-1",
        folder,
        journal: openJournalFile(join(folder, "journal.ndjson"), ports.clock),
        lock,
        stop: new StopRequest(),
        plan,
        settings: { ...SETTINGS, hookBefore },
    };
    return { execution, printed };
}
