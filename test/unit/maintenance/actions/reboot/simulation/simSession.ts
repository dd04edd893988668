import { fencedPorts } from "../../../../../../maintenance/actions/reboot/fencedPorts";
import { gatherRebootFacts } from "../../../../../../maintenance/actions/reboot/gatherRebootFacts";
import { HOST_PHASES } from "../../../../../../maintenance/actions/reboot/hostPhases";
import { planReboot } from "../../../../../../maintenance/actions/reboot/planReboot";
import type { RebootPorts } from "../../../../../../maintenance/actions/reboot/rebootPorts";
import type { RebootPlan } from "../../../../../../maintenance/actions/reboot/rebootPlan";
import {
    abortRun,
    rebootRun,
    type RebootOutcome,
    type RebootRun,
} from "../../../../../../maintenance/actions/reboot/rebootRun";
import type { RebootSettings } from "../../../../../../maintenance/actions/reboot/rebootScope";
import type { Journal, JournalEntry } from "../../../../../../maintenance/workflow/journal";
import { mirroredJournal } from "../../../../../../maintenance/workflow/mirroredJournal";
import { RunLock } from "../../../../../../maintenance/workflow/runLock";
import { StopRequest } from "../../../../../../maintenance/workflow/stopRequest";
import { Duration } from "../../../../../../model/duration";
import type { Random } from "./random";
import { simPorts } from "./simPorts";
import type { World } from "./world";

/** The driver was killed: nothing of it runs any more. */
export class Killed extends Error {}

export const RUN_ID = "run-1";

export const SETTINGS: RebootSettings = {
    policy: "block",
    takeAddressBack: false,
    deadlines: {
        sessions: Duration.seconds(10),
        drain: Duration.seconds(120),
        volumes: Duration.seconds(10),
        boot: Duration.seconds(60),
        ready: Duration.seconds(60),
    },
};

/** What happens to one driver on its way. */
export interface Fate {
    /** Killed before (or after) this entry of its own reaches the disk, counted from 0. */
    readonly killedAt?: { readonly entry: number; readonly written: boolean };
    /** Killed right after this entry of its own. */
    readonly killedAfter?: (entry: JournalEntry) => boolean;
    /** Called after each entry. */
    readonly onEntry?: (entry: JournalEntry, count: number, stop: StopRequest) => void;
}

/** One process of the driver, from its start to its end. */
export interface Session {
    readonly ports: RebootPorts;
    readonly lock: RunLock;
    run(plan: RebootPlan): Promise<RebootOutcome>;
    abort(plan: RebootPlan): ReturnType<typeof abortRun>;
}

/** Starts a driver on what an earlier one has left in the journal. */
export async function openSession(
    world: World,
    random: Random,
    entries: JournalEntry[],
    options: { readonly pid: number; readonly fate?: Fate },
): Promise<Session> {
    let isDead = false;
    const alive = () => {
        if (isDead) throw new Killed();
    };
    const ports = simPorts(world, random, alive);
    const stop = new StopRequest();
    const lock = await RunLock.acquire({
        store: ports.lease,
        clock: ports.clock,
        holder: { user: "ann", machine: "bastion", pid: options.pid, runId: RUN_ID },
        isAlive: () => false,
        hasEnded: () => false,
    });
    const { killedAt, killedAfter, onEntry } = options.fate ?? {};
    let count = 0;
    const journal: Journal = {
        entries,
        append(entry) {
            alive();
            const isLast = killedAt?.entry === count++;
            if (isLast && !killedAt.written) isDead = true;
            alive();
            const stamped = { time: "", ...entry } as JournalEntry;
            entries.push(stamped);
            onEntry?.(stamped, count, stop);
            if (isLast || killedAfter?.(stamped) === true) isDead = true;
            alive();
            return Promise.resolve();
        },
    };
    const fenced = fencedPorts(ports, (change) => lock.guard(change));
    const run = (plan: RebootPlan): RebootRun => ({
        runId: RUN_ID,
        inventory: world.inventory,
        settings: SETTINGS,
        ports: fenced,
        journal: mirroredJournal(journal, fenced.mirror, { runId: RUN_ID }),
        reporter: SILENT,
        stop,
        phases: HOST_PHASES,
        plan,
        window: undefined,
    });
    return { ports: fenced, lock, run: (plan) => rebootRun(run(plan)), abort: (plan) => abortRun(run(plan)) };
}

/** Plans a run over all hosts. @throws Error with the objections, for there must be none */
export async function planAll(world: World, random: Random, maxParallelWorkers: number): Promise<RebootPlan> {
    const ports = simPorts(world, random, () => undefined);
    const nodes = world.inventory.hosts.filter(({ role }) => role !== "load-balancer").map(({ name }) => name);
    const facts = await gatherRebootFacts(world.inventory, ports, { drained: nodes, sentinelOf: [], underWay: [] });
    const planned = planReboot(facts, {
        selection: { hosts: [], roles: [], onlyRequired: false },
        maxParallelWorkers,
        policy: "block",
        runId: RUN_ID,
    });
    if (planned.kind === "refused") throw new Error(planned.objections.join("; "));
    return planned.plan;
}

const SILENT = {
    event: () => undefined,
    observed: () => undefined,
    hostEnded: () => undefined,
    line: () => undefined,
    warn: () => undefined,
};
