import type { Dispatch } from "./measurement";
import { preciseNow } from "./preciseClock";
import { plannedAt } from "./schedule";

/** A target as the loop sees it. */
export interface Lane {
    readonly name: string;
    readonly rate: number;
    readonly channels: number;
    /** Sends a request and ends when its outcome is recorded. */
    send(request: PlannedRequest): Promise<void>;
}

/** One request of the plan. Times in milliseconds since 1970. */
export interface PlannedRequest {
    readonly channel: number;
    readonly planned: number;
    readonly deadline: number;
}

/** How the loop runs. Lengths in milliseconds, times in milliseconds since 1970. */
export interface OpenLoop {
    readonly lanes: readonly Lane[];
    readonly seed: number;
    readonly start: number;
    /** Infinity to go on until stopped. */
    readonly end: number;
    readonly deadline: number;
    /** Requests under way at most; beyond, a request is counted as not sent, and the run is invalid. */
    readonly maxInFlight: number;
    readonly stop: AbortSignal;
}

interface Cursor {
    readonly lane: Lane;
    index: number;
    next: number;
    unsent: number;
}

/**
 * Sends each request at its planned time, whatever became of the earlier ones, until the end or until stopped, and waits
 * for those under way. A request whose deadline is over before it could be sent, as after a suspension, is not sent: it
 * would measure the prober. @returns what was planned and not sent, by lane
 */
export async function openLoop(loop: OpenLoop): Promise<Map<string, Dispatch>> {
    const underWay = new Set<Promise<void>>();
    const cursors = loop.lanes.map((lane): Cursor => ({ lane, index: 0, unsent: 0, next: timeOf(loop, lane, 0) }));
    while (!loop.stop.aborted && cursors.length > 0) {
        const next = Math.min(...cursors.map((cursor) => cursor.next));
        if (next >= loop.end) break;
        await wait(next - preciseNow(), loop.stop);
        if (!loop.stop.aborted) sendDue(loop, cursors, underWay);
    }
    await wait(loop.end - preciseNow(), loop.stop);
    await Promise.all(underWay);
    return new Map(cursors.map(({ lane, index, unsent }) => [lane.name, { planned: index, unsent }]));
}

function sendDue(loop: OpenLoop, cursors: readonly Cursor[], underWay: Set<Promise<void>>): void {
    const now = preciseNow();
    for (const cursor of cursors) {
        for (; cursor.next <= now && cursor.next < loop.end && !loop.stop.aborted; advance(loop, cursor)) {
            const deadline = cursor.next + loop.deadline;
            if (deadline <= now || underWay.size >= loop.maxInFlight) {
                cursor.unsent += 1;
                continue;
            }
            const channel = cursor.index % cursor.lane.channels;
            const sent = cursor.lane.send({ channel, planned: cursor.next, deadline });
            underWay.add(sent);
            void sent.finally(() => underWay.delete(sent));
        }
    }
}

function advance(loop: OpenLoop, cursor: Cursor): void {
    cursor.index += 1;
    cursor.next = timeOf(loop, cursor.lane, cursor.index);
}

function timeOf({ seed, start }: OpenLoop, { name, rate }: Lane, index: number): number {
    return Math.round((start + plannedAt({ seed, stream: name, rate }, index)) * 10) / 10;
}

/** Node's longest timer; a longer wait is cut into several by the caller's loop. */
const LONGEST_TIMER = 2 ** 31 - 1;

function wait(milliseconds: number, stop: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || stop.aborted) return Promise.resolve();
    return new Promise((resolve) => {
        const done = () => {
            clearTimeout(timer);
            stop.removeEventListener("abort", done);
            resolve();
        };
        const timer = setTimeout(done, Math.min(milliseconds, LONGEST_TIMER));
        stop.addEventListener("abort", done);
    });
}
