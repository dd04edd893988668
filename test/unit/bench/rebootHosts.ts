import type { EventLog } from "../../../bench/reboot/eventLog";
import type { HandPorts } from "../../../bench/reboot/handPorts";
import type { PhaseEvent } from "../../../maintenance/probe/maintenanceEvents";
import type { Clock } from "../../../maintenance/workflow/clock";

interface Behaviour {
    /** From the order to reboot until the host answers again. */
    readonly bootSeconds: number;
    /** From then until its node is Ready. */
    readonly readySeconds: number;
    /** How many commands fail before one succeeds. */
    readonly kubectlFailures?: number;
}

/** A clock on which whoever pauses the least goes on first, so that work side by side is in the right order. */
class SharedClock implements Clock {
    private time = Date.parse("2026-11-21T22:00:00Z");
    private readonly sleeping: { readonly until: number; readonly wake: () => void }[] = [];
    private scheduled = false;

    now = (): Date => new Date(this.time);

    monotonic = (): number => this.time;

    pause = (milliseconds: number): Promise<void> =>
        new Promise((wake) => {
            this.sleeping.push({ until: this.time + milliseconds, wake });
            if (!this.scheduled) this.schedule();
        });

    /** After all work of this moment is done. */
    private schedule(): void {
        this.scheduled = true;
        setImmediate(() => {
            this.scheduled = false;
            this.sleeping.sort((left, right) => left.until - right.until);
            const next = this.sleeping.shift();
            if (next === undefined) return;
            this.time = next.until;
            next.wake();
            if (this.sleeping.length > 0) this.schedule();
        });
    }
}

/** Hosts that boot and become Ready after some time, and remember what was done. */
export class HandHosts implements HandPorts {
    readonly done: string[] = [];
    readonly clock = new SharedClock();
    readonly patientClock = this.clock;
    private readonly ordered = new Map<string, number>();
    private failuresLeft: number;

    constructor(private readonly behaviour: Behaviour) {
        this.failuresLeft = behaviour.kubectlFailures ?? 0;
    }

    readonly kubectl = (args: readonly string[]): Promise<void> => {
        this.done.push(`kubectl ${args.join(" ")}`);
        return this.failuresLeft-- > 0 ? Promise.reject(new Error("no answer")) : Promise.resolve();
    };

    readonly balancers: HandPorts["balancers"] = {
        setIngress: (host, state) => Promise.resolve(void this.done.push(`ingress ${host} ${state}`)),
    };

    readonly hosts: HandPorts["hosts"] = {
        bootId: (host) => {
            const since = this.sinceOrder(host);
            if (since !== undefined && since < this.behaviour.bootSeconds) {
                return Promise.reject(new Error("no answer"));
            }
            return Promise.resolve(since === undefined ? "first" : "second");
        },
        reboot: (host) => {
            this.done.push(`reboot ${host}`);
            this.ordered.set(host, this.clock.now().getTime());
            return Promise.resolve();
        },
    };

    readonly nodes: HandPorts["nodes"] = {
        node: (name) => {
            const { bootSeconds, readySeconds } = this.behaviour;
            const isBack = (this.sinceOrder(name) ?? Infinity) >= bootSeconds + readySeconds;
            const nothing = { cpu: 0, memory: 0 };
            return Promise.resolve({
                name,
                ready: true,
                notReadyReason: "",
                cordoned: false,
                cordonedByRun: undefined,
                notReadyTaints: [],
                avoided: false,
                bootId: isBack ? "second" : "first",
                allocatable: nothing,
                requested: nothing,
            });
        },
    };

    private sinceOrder(host: string): number | undefined {
        const ordered = this.ordered.get(host);
        return ordered === undefined ? undefined : (this.clock.now().getTime() - ordered) / 1000;
    }
}

/** Keeps events instead of writing them. */
export function recordingLog(clock: Clock): EventLog & { readonly events: PhaseEvent[] } {
    const events: PhaseEvent[] = [];
    return {
        events,
        record: (host, phase, state) => void events.push({ time: clock.now().getTime(), host, phase, state }),
        copy: () => undefined,
    };
}
