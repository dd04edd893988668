import type { ClusterInventory, InventoryHost } from "../../../model/inventory";
import { isStillToReboot } from "../../phases/reboot/reboot";
import { errorLine } from "../../workflow/errorLine";
import { InterruptedError } from "../../workflow/interruptedError";
import type { Journal } from "../../workflow/journal";
import type { Phase } from "../../workflow/phase";
import { RefusedError } from "../../workflow/refusedError";
import { runState } from "../../workflow/runState";
import type { RunReporter } from "../../workflow/runReporter";
import { interruptibleClock, type StopRequest } from "../../workflow/stopRequest";
import type { HostPhases } from "./hostPhases";
import { openNotes } from "./hostNotes";
import type { RebootPorts } from "./rebootPorts";
import type { RebootScope, RebootSettings } from "./rebootScope";

/** What the turns of all hosts share. */
export interface TurnContext {
    readonly runId: string;
    readonly inventory: ClusterInventory;
    readonly settings: RebootSettings;
    /** Fenced by the run's lock. */
    readonly ports: RebootPorts;
    readonly journal: Journal;
    readonly reporter: RunReporter;
    readonly stop: StopRequest;
    readonly phases: Readonly<Record<InventoryHost["role"], HostPhases>>;
}

export type TurnResult =
    { readonly kind: "done" } | { readonly kind: "put-back"; readonly because: RefusedError | InterruptedError };

/** A host is stuck in the middle of its turn: the run must stop. */
export class TurnFailed extends Error {
    constructor(
        readonly host: string,
        readonly phase: string,
        override readonly cause: unknown,
        /** Why the host was to be put back, when that is what failed. */
        because?: Error,
    ) {
        const why = because === undefined ? "" : `; it was to be put back, because ${errorLine(because)}`;
        super(`${host} failed in phase ${phase}: ${errorLine(cause)}${why}`);
        this.name = "TurnFailed";
    }
}

/** One host's way through its phases, from wherever the journal says that it stands. */
export class RebootTurn {
    private isReturnPossible = false;
    private hasLeft = false;
    private readonly scope: RebootScope;
    private readonly list: HostPhases;

    constructor(
        private readonly context: TurnContext,
        host: InventoryHost,
        together: readonly string[],
    ) {
        const { runId, inventory, settings, ports, journal, reporter, stop, phases } = context;
        this.list = phases[host.role];
        this.scope = {
            host,
            together,
            inventory,
            runId,
            settings,
            ports: { ...ports, clock: interruptibleClock(ports.clock, stop, () => this.isReturnPossible) },
            notes: openNotes(journal, host.name),
            progress: {
                report: (line) => reporter.observed(host.name, line),
                warn: (line) => reporter.warn(`${host.name}: ${line}`),
            },
            hasLeft: () => this.hasLeft,
        };
    }

    /**
     * Reboots the host. A refusal, or a stop that was asked for before the reboot, puts the host back as it was.
     * @throws TurnFailed with the host as it is
     */
    async run(): Promise<TurnResult> {
        if (this.isPastReturn()) await this.leaveAgain();
        else {
            try {
                await this.leave();
            } catch (error) {
                const because = causeOf(error);
                if (!isReturnable(because)) throw error;
                await this.putBack(because);
                return { kind: "put-back", because };
            }
            await this.mark("back");
        }
        await this.runPhase(this.list.reboot);
        for (const together of this.list.back) await this.runTogether(together);
        await this.mark("done");
        return { kind: "done" };
    }

    /** Whether the reboot may have been ordered: then the host can only be finished. */
    isPastReturn(): boolean {
        return this.record()?.stage === "back";
    }

    /**
     * Undoes what was begun, the last first.
     * @param because why
     * @throws TurnFailed when something cannot be undone
     */
    async putBack(because?: Error): Promise<void> {
        const begun = this.record()?.begun ?? [];
        for (const phase of this.list.away.flat().toReversed()) {
            if (!begun.includes(phase.name)) continue;
            const undo = () => phase.undo?.(this.scope);
            if (phase.undo) await this.tell(`undo-${phase.name}`, phase.title(this.scope), undo, { because });
            await this.enter(phase, "undone");
        }
        await this.mark("put-back");
    }

    private async leave(): Promise<void> {
        this.context.stop.check();
        await this.mark("away");
        this.isReturnPossible = true;
        try {
            for (const together of this.list.away) {
                this.context.stop.check();
                await this.runTogether(together);
            }
            this.context.stop.check();
        } finally {
            this.isReturnPossible = false;
        }
        this.hasLeft = true;
    }

    /**
     * A driver that ended right before the reboot may have done so hours ago: everything is asked and done once more, but for
     * turning back. The order may also have been given and take its time, so a host that goes down meanwhile is waited for.
     */
    private async leaveAgain(): Promise<void> {
        for (const together of this.list.away) {
            if (!(await isStillToReboot(this.scope))) return;
            try {
                await this.runTogether(together);
            } catch (error) {
                if (await isStillToReboot(this.scope)) throw error;
                return;
            }
        }
        this.hasLeft = true;
    }

    /** A failure counts once all have come to their end; one after which the host can be put back counts least. */
    private async runTogether(phases: readonly Phase<RebootScope>[]): Promise<void> {
        const results = await Promise.allSettled(phases.map((phase) => this.runPhase(phase)));
        const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
        if (failures.length > 0) throw failures.find((failure) => !isReturnable(causeOf(failure))) ?? failures[0];
    }

    private async runPhase(phase: Phase<RebootScope>): Promise<void> {
        if (phase.shouldRun && !phase.shouldRun(this.scope)) return;
        await this.enter(phase, "started");
        const deadlineMs = phase.deadline?.(this.scope).milliseconds;
        try {
            await this.tell(phase.name, phase.title(this.scope), () => this.carryOut(phase), { deadlineMs });
        } catch (error) {
            await this.enter(phase, "failed", errorLine(causeOf(error)));
            throw error;
        }
        await this.enter(phase, "finished");
    }

    /** Past the point of return a refusal is a failure like any other. */
    private async carryOut(phase: Phase<RebootScope>): Promise<void> {
        try {
            await phase.run(this.scope);
        } catch (error) {
            if (!(error instanceof RefusedError && this.isPastReturn())) throw error;
            const { name } = this.scope.host;
            throw new Error(`${error.seen.join("; ")}; ${name} stays out: mend this, then run \`quorate resume\``);
        }
    }

    private async tell(
        phase: string,
        title: string,
        work: () => Promise<void> | undefined,
        { deadlineMs, because }: { readonly deadlineMs?: number | undefined; readonly because?: Error | undefined },
    ): Promise<void> {
        const { reporter, ports } = this.context;
        const host = this.scope.host.name;
        const event = (state: "started" | "finished" | "failed", detail: string) =>
            reporter.event({
                time: ports.clock.now().toISOString(),
                host,
                phase,
                state,
                detail,
                ...(deadlineMs === undefined ? {} : { deadlineMs }),
            });
        event("started", title);
        try {
            await work();
        } catch (error) {
            event("failed", errorLine(error));
            throw new TurnFailed(host, phase, error, because);
        }
        event("finished", "");
    }

    private enter(phase: Phase<RebootScope>, state: "started" | "finished" | "failed" | "undone", detail?: string) {
        const entry = { kind: "phase", host: this.scope.host.name, phase: phase.name, state } as const;
        return this.context.journal.append(detail === undefined ? entry : { ...entry, detail });
    }

    private mark(state: "away" | "back" | "done" | "put-back") {
        return this.context.journal.append({ kind: "host", host: this.scope.host.name, state });
    }

    private record() {
        return runState(this.context.journal.entries)[this.scope.host.name];
    }
}

function causeOf(error: unknown): unknown {
    return error instanceof TurnFailed ? error.cause : error;
}

/** Nothing is broken: the host is put back. */
function isReturnable(cause: unknown): cause is RefusedError | InterruptedError {
    return cause instanceof RefusedError || cause instanceof InterruptedError;
}
