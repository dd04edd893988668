import type { InventoryHost } from "../../../model/inventory";
import { BlockedError } from "../../workflow/blockedError";
import { InterruptedError } from "../../workflow/interruptedError";
import { LockLostError } from "../../workflow/lockErrors";
import type { MirroredJournal } from "../../workflow/mirroredJournal";
import { hostsIn } from "../../workflow/runState";
import { isOpen, type Window } from "../../workflow/window";
import { batches } from "./batches";
import { gatherRebootFacts } from "./gatherRebootFacts";
import { plannedHosts, type RebootPlan, type RebootStep } from "./rebootPlan";
import { wholeAgain } from "./wholeAgain";
import { RebootTurn, TurnFailed, type TurnContext, type TurnResult } from "./rebootTurn";

/** A run of a plan. The journal may hold the beginning of it. */
export interface RebootRun extends TurnContext {
    readonly plan: RebootPlan;
    readonly journal: MirroredJournal;
    /** Outside it no host is begun. */
    readonly window: Window | undefined;
}

/** How a run ended without a failure. In every case nothing of ours is left on any host. */
export type RebootOutcome =
    /** `unwell` says what is wrong with the cluster afterwards; empty when nothing is. */
    | { readonly kind: "finished"; readonly skipped: readonly string[]; readonly unwell: string }
    /** A host was put back, or none was begun; `left` are those that were not rebooted. */
    | {
          readonly kind: "refused" | "interrupted" | "window-closed";
          readonly why: string;
          readonly left: readonly string[];
      };

/**
 * Carries out what is left of a plan, step by step.
 * @throws TurnFailed for a host that is stuck: nothing else is touched, `resume` or `abort` goes on
 * @throws LockLostError when nothing more may be changed
 */
export async function rebootRun(run: RebootRun): Promise<RebootOutcome> {
    const pending = () => leftOf(run);
    await passOver(run);
    await avoid(run, hostsIn(run.journal.entries, ["done"]), false);
    await avoid(run, pending(), true);
    for (const step of run.plan.steps) {
        const ended = await runStep(run, step);
        if (ended !== undefined) {
            const outcome = { ...ended, left: pending() };
            await leaveNothing(run, "stopped", outcome.why);
            return outcome;
        }
    }
    const unwell = await wholeAgain(run, hostsIn(run.journal.entries, ["done"]));
    await leaveNothing(run, "finished");
    return { kind: "finished", skipped: hostsIn(run.journal.entries, ["skipped"]), unwell };
}

/**
 * Puts back every host that can be, and finishes those that have been told to reboot. One that cannot be helped does not
 * keep the others from it.
 * @throws TurnFailed when a host can be neither
 * @throws LockLostError when nothing more may be changed
 */
export async function abortRun(run: RebootRun): Promise<{ readonly finished: string[]; readonly putBack: string[] }> {
    await passOver(run);
    await avoid(run, plannedHosts(run.plan), false);
    const finished = hostsIn(run.journal.entries, ["back"]);
    const putBack = hostsIn(run.journal.entries, ["away"]);
    const turns = [
        ...hostsNamed(run, putBack).map((host) => () => new RebootTurn(run, host, [host.name]).putBack()),
        ...hostsNamed(run, finished).map((host) => () => new RebootTurn(run, host, finished).run()),
    ];
    const failures: unknown[] = [];
    for (const turn of turns) {
        await turn().catch((error: unknown) => failures.push(error));
        if (lossAmong(failures)) break;
    }
    if (failures.length > 0) throw fail(run, failures);
    await leaveNothing(run, "aborted");
    return { finished, putBack };
}

type Ended = { readonly kind: "refused" | "interrupted" | "window-closed"; readonly why: string } | undefined;

async function runStep(run: RebootRun, step: RebootStep): Promise<Ended> {
    for (let group = await nextGroup(run, step); group.length > 0; group = await nextGroup(run, step)) {
        const ended =
            (isBegun(run, group) ? undefined : reasonNotToBegin(run)) ?? (await judge(run, await runGroup(run, group)));
        if (ended !== undefined) return ended;
        await avoid(run, group, false);
    }
    return undefined;
}

/** What was begun comes first. Pods have moved since the plan was made, so what may go together is decided anew. */
async function nextGroup(run: RebootRun, { hosts }: RebootStep): Promise<readonly string[]> {
    const left = leftOf(run).filter((name) => hosts.includes(name));
    const begun = left.filter((name) => isBegun(run, [name]));
    if (begun.length > 0) return begun;
    if (left.length < 2) return left;
    const facts = await gatherRebootFacts(run.inventory, run.ports, { drained: left, sentinelOf: [], underWay: [] });
    return batches(left, facts, { maxParallelWorkers: hosts.length, runId: run.runId })[0] ?? [];
}

function isBegun({ journal }: RebootRun, group: readonly string[]): boolean {
    return hostsIn(journal.entries, ["away", "back"]).some((name) => group.includes(name));
}

function reasonNotToBegin({ stop, window, ports }: RebootRun): Ended {
    if (stop.reason !== undefined) return { kind: "interrupted", why: stop.reason };
    if (window === undefined || isOpen(window, ports.clock.now())) return undefined;
    return { kind: "window-closed", why: `the window ${window.text} is closed` };
}

type Result = { readonly host: string } & TurnResult;

/** One that fails lets the others of its group turn back where they still can. */
async function runGroup(run: RebootRun, group: readonly string[]): Promise<Result[]> {
    const turns = await Promise.allSettled(
        hostsNamed(run, group).map(async (host) => {
            try {
                return { host: host.name, ...(await new RebootTurn(run, host, group).run()) };
            } catch (error) {
                run.stop.ask(`${host.name} has failed`);
                throw error;
            }
        }),
    );
    const failures = turns.flatMap((turn) => (turn.status === "rejected" ? [turn.reason as unknown] : []));
    if (failures.length > 0) throw fail(run, failures);
    return turns.flatMap((turn) => (turn.status === "fulfilled" ? [turn.value] : []));
}

/** The lock's loss outweighs what it has caused. */
function fail(run: RebootRun, failures: readonly unknown[]): unknown {
    for (const failure of failures) {
        if (failure instanceof TurnFailed) run.reporter.hostEnded(failure.host, "failed", failure.message);
    }
    return lossAmong(failures) ?? failures[0];
}

function lossAmong(failures: readonly unknown[]): LockLostError | undefined {
    const causes = failures.map((failure) => (failure instanceof TurnFailed ? failure.cause : failure));
    return causes.find((cause) => cause instanceof LockLostError);
}

async function judge(run: RebootRun, results: readonly Result[]): Promise<Ended> {
    let ended: Ended;
    for (const result of results) {
        if (result.kind === "done") {
            run.reporter.hostEnded(result.host, "done", "");
            continue;
        }
        const { because, host } = result;
        if (because instanceof BlockedError && run.settings.policy === "skip") {
            await run.journal.append({ kind: "host", host, state: "skipped", detail: because.message });
            run.reporter.hostEnded(host, "skipped", because.message);
            continue;
        }
        run.reporter.hostEnded(host, "put-back", because.message);
        ended ??= { kind: because instanceof InterruptedError ? "interrupted" : "refused", why: because.message };
    }
    return ended;
}

/** Takes the run's own traces off when no host of it is under way, and ends its journal. */
export async function leaveNothing(run: RebootRun, outcome: "finished" | "aborted" | "stopped", detail?: string) {
    await avoid(run, plannedHosts(run.plan), false);
    await run.journal.settle({ remove: true });
    await run.journal.append({ kind: "end", outcome, ...(detail === undefined ? {} : { detail }) });
}

/** Hosts that have left the configuration since the plan was made have nothing to be rebooted or put back. */
async function passOver(run: RebootRun): Promise<void> {
    const there = run.inventory.hosts.map(({ name }) => name);
    for (const host of leftOf(run).filter((name) => !there.includes(name))) {
        const detail = "it is no longer in the configuration";
        await run.journal.append({ kind: "host", host, state: "skipped", detail });
        run.reporter.hostEnded(host, "skipped", detail);
    }
}

function hostsNamed({ inventory }: RebootRun, names: readonly string[]): InventoryHost[] {
    return names.flatMap((name) => inventory.hosts.filter((host) => host.name === name));
}

function leftOf({ plan, journal }: RebootRun): string[] {
    const over = hostsIn(journal.entries, ["done", "skipped"]);
    return plannedHosts(plan).filter((name) => !over.includes(name));
}

/** Only nodes have taints. The plan knows also those that have left the configuration. */
async function avoid({ plan, ports }: RebootRun, names: readonly string[], avoided: boolean): Promise<void> {
    const nodes = plan.steps
        .filter(({ role }) => role !== "load-balancer")
        .flatMap(({ hosts }) => hosts.filter((name) => names.includes(name)));
    if (nodes.length > 0) await ports.nodes.setAvoided(nodes, avoided);
}
