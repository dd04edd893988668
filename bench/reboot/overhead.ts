import type { PhaseSpan } from "../../maintenance/probe/spans";

/**
 * Phases in which a host itself does what cannot be left out: its pods are evicted and take their preStop time, its API server
 * waits out its shutdown delay, it boots, its node or balancer comes back. A node is not back before its pod network is: most of
 * the proof is the wait for that, its last tenth asks again and again.
 */
export const NEEDED: readonly string[] = [
    "drain",
    "evict-storage",
    "evict-rest",
    "stop-api-server",
    "reboot",
    "node-ready",
    "node-back",
    "network-proof",
    "balancer-back",
];

/** A stretch of time, milliseconds since 1970. */
export interface Window {
    readonly start: number;
    readonly end: number;
}

/** Where the time of a run went, in milliseconds. */
export interface Overhead {
    readonly wall: number;
    readonly needed: number;
    /** `wall / needed`; null when nothing was needed. */
    readonly ratio: number | null;
    /** The rest by phase, summed over hosts, the longest first. */
    readonly rest: readonly { readonly phase: string; readonly milliseconds: number }[];
}

/** Name of the time in which no host was in any phase. */
export const BETWEEN = "between phases";

/**
 * Wall time over the physically needed time on the critical path. Needed is all time in which at least one host is in a
 * {@link NEEDED} phase: hosts that go together count once. Everything else is overhead. Of another phase counts what lies
 * outside the needed time, so that for hosts that go one at a time the rest adds up to `wall - needed`.
 */
export function overhead(spans: readonly PhaseSpan[], window: Window): Overhead {
    const clipped = spans.map((span) => ({ phase: span.phase, ...clip(span, window) }));
    const needed = union(clipped.filter(({ phase }) => NEEDED.includes(phase)));
    const wall = window.end - window.start;
    const neededLength = total(needed);
    const rest = new Map<string, number>();
    for (const span of clipped.filter(({ phase }) => !NEEDED.includes(phase))) {
        const outside = span.end - span.start - total(needed.map((other) => clip(other, span)));
        rest.set(span.phase, (rest.get(span.phase) ?? 0) + outside);
    }
    rest.set(BETWEEN, wall - total(union(clipped)));
    return {
        wall,
        needed: neededLength,
        ratio: neededLength === 0 ? null : wall / neededLength,
        rest: [...rest]
            .map(([phase, milliseconds]) => ({ phase, milliseconds }))
            .filter(({ milliseconds }) => milliseconds > 0)
            .sort((left, right) => right.milliseconds - left.milliseconds),
    };
}

/** What of a window lies in another one; empty at its border where nothing does. */
function clip({ start, end }: Window, into: Window): Window {
    const from = Math.min(Math.max(start, into.start), into.end);
    return { start: from, end: Math.max(from, Math.min(end, into.end)) };
}

/** The same time in windows that do not overlap. */
function union(windows: readonly Window[]): Window[] {
    const joined: Window[] = [];
    for (const window of windows.toSorted((left, right) => left.start - right.start)) {
        const last = joined.at(-1);
        if (last !== undefined && window.start <= last.end) {
            joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, window.end) };
        } else joined.push(window);
    }
    return joined;
}

function total(windows: readonly Window[]): number {
    return windows.reduce((sum, { start, end }) => sum + end - start, 0);
}
