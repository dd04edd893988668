import type { Clock } from "../workflow/clock";
import type { RunReporter } from "../workflow/runReporter";
import type { Paint } from "./paint";
import { runTable } from "./runTable";
import { withEnd, withEvent, withNote, type RunView } from "./runView";

type Write = (text: string) => unknown;

/** One plain line for everything that happens: logs and pipes. */
export function lineReporter(write: Write): RunReporter {
    const line = (text: string) => void write(`${text}\n`);
    return {
        event({ host, phase, state, detail }) {
            if (state === "started") line(`${host}: ${phase}: ${detail}`);
            if (state === "failed") line(`${host}: ${phase} failed: ${detail}`);
        },
        observed: (host, text) => line(`${host}: waiting: ${text}`),
        hostEnded: (host, how, why) => line(why === "" ? `${host}: ${how}` : `${host}: ${how}: ${why}`),
        line: (text) => line(`quorate: ${text}`),
        warn: (text) => line(`quorate: warning: ${text}`),
    };
}

/** Events as NDJSON, nothing else: for programs and for the prober. */
export function eventReporter(write: Write): RunReporter {
    return {
        event: ({ time, host, phase, state, detail }) =>
            void write(`${JSON.stringify({ time, host, phase, state, detail })}\n`),
        observed: () => undefined,
        hostEnded: () => undefined,
        line: () => undefined,
        warn: () => undefined,
    };
}

export interface Terminal {
    write: Write;
    readonly columns: number;
    readonly rows: number;
}

/** A table that is drawn anew in place; lines scroll by above it. */
export interface LiveReporter extends RunReporter {
    /** Draws it as it is now; called a few times a second. */
    draw(): void;
}

/** @param view every host of the run, before it begins */
export function liveReporter(view: RunView, terminal: Terminal, paint: Paint, clock: Clock): LiveReporter {
    let current = view;
    let drawn = 0;
    const clear = () => (drawn === 0 ? "" : `\u001b[${drawn}A\u001b[J`);
    const draw = (above = "") => {
        const size = { columns: terminal.columns, rows: Math.max(4, terminal.rows - 3) };
        const lines = runTable(current, clock.now().getTime(), paint, size);
        terminal.write(`${clear()}${above}${lines.join("\n")}\n`);
        drawn = lines.length;
    };
    return {
        event: (event) => void (current = withEvent(current, event)),
        observed: (host, line) => void (current = withNote(current, host, line)),
        hostEnded: (host, how, why) => void (current = withEnd(current, host, how, why, clock.now().getTime())),
        line: (text) => draw(`quorate: ${text}\n`),
        warn: (text) => draw(`${paint.warn("warning")}: ${text}\n`),
        draw: () => draw(),
    };
}
