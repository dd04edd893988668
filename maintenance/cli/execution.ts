import { HOST_PHASES } from "../actions/reboot/hostPhases";
import { fencedPorts } from "../actions/reboot/fencedPorts";
import { withHooks } from "../actions/reboot/hooks";
import type { RebootPlan } from "../actions/reboot/rebootPlan";
import type { RebootPorts } from "../actions/reboot/rebootPorts";
import { leaveNothing, type RebootRun } from "../actions/reboot/rebootRun";
import type { RunSettings } from "../actions/reboot/runSettings";
import { laneQuestions } from "../observe/laneQuestions";
import { observeLanes } from "../observe/observer";
import { systemClock } from "../workflow/clock";
import type { JournalFile } from "../workflow/journalFile";
import { runLocally } from "../workflow/localCommand";
import { LockLostError } from "../workflow/lockErrors";
import { mirroredJournal } from "../workflow/mirroredJournal";
import { notify, type Notice } from "../workflow/notify";
import { keepRenewing } from "../workflow/renewing";
import type { RunLock } from "../workflow/runLock";
import type { RunReporter } from "../workflow/runReporter";
import { hostsIn } from "../workflow/runState";
import type { StopRequest } from "../workflow/stopRequest";
import { errorLine } from "../workflow/errorLine";
import { parseWindow } from "../workflow/window";
import type { Io } from "./io";
import type { MaintenanceCluster } from "./maintenanceCluster";
import { startProber, type Measured, type Prober } from "./proberProcess";
import type { RunOptions } from "./rebootOptions";
import { openDisplay } from "./runDisplay";

/** A run with everything around it. */
export interface Execution {
    readonly cluster: MaintenanceCluster;
    readonly ports: RebootPorts;
    readonly options: RunOptions;
    readonly io: Io;
    readonly runId: string;
    readonly folder: string;
    readonly journal: JournalFile;
    readonly lock: RunLock;
    /** Asked for by a signal, from before the lock was taken. */
    readonly stop: StopRequest;
    readonly plan: RebootPlan;
    readonly settings: RunSettings;
}

/** How the work of a run ended, when nothing of it is left on any host. */
export interface Ended {
    readonly state: Exclude<Notice["state"], "started">;
    readonly text: string;
    readonly exitCode: number;
}

export interface Executed extends Ended {
    /** Undefined without a prober. */
    readonly measured: Measured | undefined;
}

/**
 * Shows, observes, measures and notifies while the work goes on. The lock is given up when nothing is left behind; otherwise it is
 * kept, so that nobody else begins before the run was resumed or aborted.
 */
export async function execute(execution: Execution, work: (run: RebootRun) => Promise<Ended>): Promise<Executed> {
    const { cluster, options, io, runId, folder, journal, lock } = execution;
    const { inventory } = cluster;
    const phases = phasesOf(execution);
    const display = openDisplay({ folder, json: options.json, plan: execution.plan, phases }, io);
    const { reporter } = display;
    const tell = async (state: Notice["state"], text: string) => {
        reporter.line(text);
        if (options.notify === undefined) return;
        await notify(options.notify, { cluster: inventory.clusterName, runId, state, text }, reporter.warn);
    };
    io.onInterrupt?.(() => {
        reporter.line("stopping: a host that can still be put back is put back; a second signal ends at once");
        execution.stop.ask("a signal");
    });
    const endObserving = observeLanes(laneQuestions(inventory, cluster.laneSources()), systemClock, display.lane);
    const run = runOf(execution, phases, reporter);
    let prober: Prober | undefined;
    try {
        prober = await proberOf(execution, run, (text) => reporter.line(text.trim()));
        await tell("started", `run ${runId} on ${inventory.clusterName}, in ${folder}`);
        const ended = await work(run);
        await lock.release();
        const measured = await prober?.stop();
        await tell(ended.state, ended.text);
        return { ...ended, measured };
    } catch (error) {
        await prober?.stop();
        if (!(error instanceof LockLostError)) await tell("stopped", errorLine(error));
        throw error;
    } finally {
        endObserving();
        display.close();
        journal.close();
    }
}

function phasesOf({ settings }: Execution): RebootRun["phases"] {
    return withHooks(HOST_PHASES, { before: settings.hookBefore, after: settings.hookAfter }, runLocally);
}

/** The run itself, which changes nothing without its lock. */
function runOf(execution: Execution, phases: RebootRun["phases"], reporter: RunReporter): RebootRun {
    const { cluster, runId, journal, lock, stop, plan, settings } = execution;
    const ports = fencedPorts(execution.ports, (change) => lock.guard(change));
    return {
        runId,
        inventory: cluster.inventory,
        settings,
        ports,
        journal: mirroredJournal(journal, ports.mirror, { runId, startedAt: new Date().toISOString() }),
        reporter,
        stop,
        phases,
        plan,
        window: settings.window === undefined ? undefined : parseWindow(settings.window),
    };
}

/** Without its prober a run does not go on; where no host is under way, it leaves nothing behind and the lock to others. */
async function proberOf(
    { folder, options, journal, lock }: Execution,
    run: RebootRun,
    write: (text: string) => unknown,
): Promise<Prober | undefined> {
    if (!options.probe) return undefined;
    try {
        return await startProber(folder, options, write);
    } catch (error) {
        if (hostsIn(journal.entries, ["away", "back"]).length === 0) {
            await leaveNothing(run, "stopped", errorLine(error));
            await lock.release();
        }
        throw error;
    }
}

/** Renews the lock while something is done under it. */
export async function underLock<T>(lock: RunLock, work: () => Promise<T>): Promise<T> {
    const end = keepRenewing(lock);
    try {
        return await work();
    } finally {
        end();
    }
}
