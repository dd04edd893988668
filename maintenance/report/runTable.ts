import type { Paint } from "./paint";
import type { HostRow, RunView } from "./runView";

export interface TableSize {
    readonly columns: number;
    /** Rows at most; waiting and finished hosts are summed up first. */
    readonly rows: number;
}

const BAR = 12;

/** The run as lines, each no wider than the terminal: a host a line, with bar, phase, time and what was seen last. Pure. */
export function runTable(view: RunView, now: number, paint: Paint, size: TableSize): string[] {
    const rows = [...view.values()];
    const shown = choose(rows, size.rows - 1);
    const hostWidth = Math.max(4, ...rows.map(({ host }) => host.length));
    const phaseWidth = Math.max(5, ...shown.map(({ phase }) => phase.length));
    const head = paint.faint(`  ${"host".padEnd(hostWidth)}  ${"".padEnd(BAR)}  ${"phase".padEnd(phaseWidth)}  time`);
    const lines = shown.map((row) => {
        const before = `  ${row.host.padEnd(hostWidth)}  ${bar(row)}  ${row.phase.padEnd(phaseWidth)}  ${times(row, now)}`;
        const room = size.columns - before.length - 2;
        return `${colour(row, paint)(before)}${room > 10 && row.note !== "" ? `  ${paint.faint(cut(row.note, room))}` : ""}`;
    });
    return [head, ...lines, summary(rows)];
}

/** Those that are worked on or went wrong first; the order of the plan is kept. */
function choose(rows: readonly HostRow[], room: number): HostRow[] {
    const weight = ({ state }: HostRow) =>
        ["failed", "working", "put-back", "skipped", "done", "waiting"].indexOf(state);
    const chosen = rows.toSorted((left, right) => weight(left) - weight(right)).slice(0, Math.max(1, room));
    return rows.filter((row) => chosen.includes(row));
}

function bar({ finished, phases, state }: HostRow): string {
    const share = state === "done" ? 1 : Math.min(1, Math.max(0, finished / Math.max(1, phases)));
    const full = Math.round(share * BAR);
    return "#".repeat(full) + ".".repeat(BAR - full);
}

function times({ state, since, phaseSince, until, deadlineMs }: HostRow, now: number): string {
    if (since === undefined) return state === "waiting" ? "waiting" : state;
    if (state !== "working") return `${seconds((until ?? now) - since)} ${state}`;
    const limit = deadlineMs === undefined ? "" : ` of ${seconds(deadlineMs)}`;
    return `${seconds(now - (phaseSince ?? now))}${limit}, ${seconds(now - since)} in all`;
}

function summary(rows: readonly HostRow[]): string {
    const states = ["done", "working", "waiting", "skipped", "put-back", "failed"] as const;
    const counts = states.map((state) => [state, rows.filter((row) => row.state === state).length] as const);
    return `  ${counts
        .filter(([, count]) => count > 0)
        .map(([state, count]) => `${count} ${state}`)
        .join(", ")}`;
}

function colour({ state }: HostRow, paint: Paint): (text: string) => string {
    if (state === "done") return paint.good;
    if (state === "failed") return paint.bad;
    if (state === "put-back" || state === "skipped") return paint.warn;
    return state === "waiting" ? paint.faint : (text) => text;
}

function cut(text: string, room: number): string {
    return text.length <= room ? text : `${text.slice(0, room - 3)}...`;
}

function seconds(milliseconds: number): string {
    return `${Math.max(0, Math.round(milliseconds / 1000))} s`;
}
