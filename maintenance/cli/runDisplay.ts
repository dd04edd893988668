import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { allPhases, type HostPhases } from "../actions/reboot/hostPhases";
import type { RebootPlan } from "../actions/reboot/rebootPlan";
import type { LaneEvent } from "../probe/maintenanceEvents";
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
    readonly plan: RebootPlan;
    readonly phases: Readonly<Record<"worker" | "control-plane" | "load-balancer", HostPhases>>;
}

/** Where a run is shown: a table on a terminal, lines elsewhere, events on standard output, and the events file always. */
export interface Display {
    readonly reporter: RunReporter;
    /** Writes a change in the cluster among the events. */
    lane(event: LaneEvent): void;
    close(): void;
}

export function openDisplay({ folder, json, plan, phases }: DisplayOptions, io: Io): Display {
    const file = join(folder, "events.ndjson");
    const write = (text: string) => {
        appendFileSync(file, text);
        if (json) io.stdout.write(text);
    };
    const events = eventReporter(write);
    const lane = (event: LaneEvent) =>
        write(`${JSON.stringify({ ...event, time: new Date(event.time).toISOString() })}\n`);
    const stream: { write(text: string): unknown; isTTY?: boolean; columns?: number; rows?: number } = io.stderr;
    if (stream.isTTY !== true) {
        const lines = lineReporter((text) => stream.write(text));
        return { reporter: tellAll([events, lines]), lane, close: () => undefined };
    }
    const hosts = plan.steps.flatMap((step) =>
        step.hosts.map((host) => ({ host, role: step.role, phases: allPhases(phases[step.role]).length })),
    );
    const { columns = 120, rows = 40 } = stream;
    const terminal = { write: (text: string) => stream.write(text), columns, rows };
    const live = liveReporter(emptyView(hosts), terminal, paintFor(stream, io.environment), systemClock);
    const timer = setInterval(() => live.draw(), REDRAW_MILLISECONDS);
    const close = () => {
        clearInterval(timer);
        live.draw();
    };
    return { reporter: tellAll([events, live]), lane, close };
}
