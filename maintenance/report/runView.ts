import type { RunEvent } from "../workflow/runReporter";

/** What the person sees of one host. */
export interface HostRow {
    readonly host: string;
    readonly role: string;
    readonly state: "waiting" | "working" | "done" | "put-back" | "skipped" | "failed";
    readonly phase: string;
    /** Phases that it has come through. */
    readonly finished: number;
    readonly phases: number;
    /** Milliseconds since 1970; of the host's first phase and of the present one. */
    readonly since: number | undefined;
    readonly phaseSince: number | undefined;
    readonly until: number | undefined;
    readonly deadlineMs: number | undefined;
    /** What was seen last, or why the turn ended. */
    readonly note: string;
}

export type RunView = ReadonlyMap<string, HostRow>;

/** Before anything has begun. @param hosts in the order of the plan, each with the number of its phases */
export function emptyView(
    hosts: readonly { readonly host: string; readonly role: string; readonly phases: number }[],
): RunView {
    const nothing = { finished: 0, since: undefined, phaseSince: undefined, until: undefined, deadlineMs: undefined };
    return new Map(hosts.map((host) => [host.host, { ...host, ...nothing, state: "waiting", phase: "", note: "" }]));
}

/** The view after an event. Pure. */
export function withEvent(view: RunView, event: RunEvent): RunView {
    const time = Date.parse(event.time);
    return change(view, event.host, (row) => {
        if (event.state === "started") {
            return {
                ...row,
                state: "working",
                phase: event.phase,
                since: row.since ?? time,
                phaseSince: time,
                deadlineMs: event.deadlineMs,
                note: "",
            };
        }
        if (event.state === "failed") return { ...row, note: event.detail };
        const isUndo = event.phase.startsWith("undo-");
        return { ...row, finished: isUndo ? row.finished - 1 : row.finished + 1, note: "" };
    });
}

/** The view after an observation. Pure. */
export function withNote(view: RunView, host: string, note: string): RunView {
    return change(view, host, (row) => ({ ...row, note }));
}

/** The view after a host's turn. Pure. */
export function withEnd(view: RunView, host: string, state: HostRow["state"], note: string, time: number): RunView {
    return change(view, host, (row) => ({ ...row, state, note, until: time }));
}

function change(view: RunView, host: string, next: (row: HostRow) => HostRow): RunView {
    const row = view.get(host);
    return row === undefined ? view : new Map([...view, [host, next(row)]]);
}
