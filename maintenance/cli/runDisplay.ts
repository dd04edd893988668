import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterInventory } from "../../model/inventory";
import type { HostPhases } from "../actions/reboot/hostPhases";
import { hostNamed } from "../actions/reboot/hostNamed";
import { plannedHosts, type RebootPlan } from "../actions/reboot/rebootPlan";
import { paintFor } from "../report/paint";
import { eventReporter, lineReporter, liveReporter } from "../report/runReporters";
import { emptyView } from "../report/runView";
import { systemClock } from "../workflow/clock";
import { tellAll, type RunReporter } from "../workflow/runReporter";
import type { Io } from "./io";

const REDRAW_MILLISECONDS = 500;

export interface DisplayOptions {
    readonly folder: string;
    readonly json: boolean;
    readonly inventory: ClusterInventory;
    readonly plan: RebootPlan;
    readonly phases: Readonly<Record<"worker" | "control-plane" | "load-balancer", HostPhases>>;
}

/** Where a run is shown: a table on a terminal, lines elsewhere, events on standard output, and the events file always. */
export interface Display {
    readonly reporter: RunReporter;
    close(): void;
}

export function openDisplay({ folder, json, inventory, plan, phases }: DisplayOptions, io: Io): Display {
    const file = join(folder, "events.ndjson");
    const always = [
        eventReporter((text) => appendFileSync(file, text)),
        ...(json ? [eventReporter((text) => io.stdout.write(text))] : []),
    ];
    const stream: { write(text: string): unknown; isTTY?: boolean; columns?: number; rows?: number } = io.stderr;
    if (stream.isTTY !== true) {
        return { reporter: tellAll([...always, lineReporter((text) => stream.write(text))]), close: () => undefined };
    }
    const hosts = plannedHosts(plan).map((host) => {
        const { role } = hostNamed(inventory, host);
        const { away, back } = phases[role];
        return { host, role, phases: away.length + 1 + back.length };
    });
    const { columns = 120, rows = 40 } = stream;
    const terminal = { write: (text: string) => stream.write(text), columns, rows };
    const live = liveReporter(emptyView(hosts), terminal, paintFor(stream, io.environment), systemClock);
    const timer = setInterval(() => live.draw(), REDRAW_MILLISECONDS);
    const close = () => {
        clearInterval(timer);
        live.draw();
    };
    return { reporter: tellAll([...always, live]), close };
}
