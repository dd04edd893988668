import { Duration } from "../../model/duration";
import { errorLine } from "../../maintenance/workflow/errorLine";
import { until } from "../../maintenance/workflow/until";
import { type EventLog, during } from "./eventLog";
import type { HandPorts } from "./handPorts";
import { rebootHost } from "./hostReturn";
import type { Window } from "./overhead";
import { type HandStep, handPlan } from "./ways";

/** The article's wait after the order to reboot. */
const FIXED_WAIT = Duration.seconds(30);
const DRAIN = ["--ignore-daemonsets", "--delete-emptydir-data", "--force"];
const KUBECTL_DEADLINE = Duration.parse("10m");

export interface HandLoop {
    readonly steps: readonly HandStep[];
    readonly hosts: readonly string[];
    /** Between two hosts. */
    readonly pause: Duration;
}

interface Turn {
    readonly host: string;
    readonly pause: Duration;
    readonly ports: HandPorts;
    readonly log: EventLog;
    /** Boots that were ordered, by host. */
    readonly returns: Map<string, Promise<void>>;
}

/**
 * Reboots hosts one after the other as a loop written by hand does, and then waits for every host to be back, also after an
 * interruption or a failure.
 * @returns when the loop began and ended, without that last wait
 * @throws Error when a host or a node does not come back, or kubectl does not succeed, within 10 minutes
 */
export async function handLoop({ steps, hosts, pause }: HandLoop, ports: HandPorts, log: EventLog): Promise<Window> {
    const returns = new Map<string, Promise<void>>();
    try {
        const start = ports.clock.now().getTime();
        for (const turn of handPlan(steps, hosts)) {
            for (const step of turn.steps) await STEPS[step]({ host: turn.host, pause, ports, log, returns });
        }
        const end = ports.clock.now().getTime();
        await Promise.all(returns.values());
        return { start, end };
    } finally {
        await Promise.allSettled(returns.values());
    }
}

const STEPS: Readonly<Record<HandStep, (turn: Turn) => Promise<void>>> = {
    "leave-ingress": (turn) => setIngress(turn, "leave-ingress", "maint"),
    "enter-ingress": (turn) => setIngress(turn, "enter-ingress", "ready"),
    drain: (turn) => kubectl(turn, "drain", DRAIN),
    uncordon: (turn) => kubectl(turn, "uncordon"),
    "fixed-wait": ({ host, ports, log }) =>
        during(log, host, "fixed-wait", () => ports.clock.pause(FIXED_WAIT.milliseconds)),
    pause: ({ host, pause, ports, log }) => during(log, host, "pause", () => ports.clock.pause(pause.milliseconds)),
    async reboot({ host, ports, log, returns }) {
        returns.set(host, (await rebootHost(host, ports, log)).back);
    },
    async "await-node"({ host, returns }) {
        await returns.get(host);
    },
};

function setIngress({ host, ports, log }: Turn, phase: string, state: "maint" | "ready"): Promise<void> {
    return during(log, host, phase, () => ports.balancers.setIngress(host, state));
}

/** A command that met an API server on its way down is given again, as a person would: that helps the loop. */
function kubectl({ host, ports, log }: Turn, verb: string, options: readonly string[] = []): Promise<void> {
    return during(log, host, verb, async () => {
        await until({
            what: `kubectl ${verb} ${host} to succeed`,
            deadline: KUBECTL_DEADLINE,
            clock: ports.clock,
            observe: () => ports.kubectl([verb, host, ...options]).then(() => "", errorLine),
            satisfied: (failure) => failure === "",
            describe: (failure) => failure,
        });
    });
}
