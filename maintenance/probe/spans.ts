import { z } from "zod";
import type { LaneEvent, PhaseEvent } from "./maintenanceEvents";

/** A phase on a host, from its start to its end. */
export const phaseSpanSchema = z.object({
    host: z.string(),
    phase: z.string(),
    start: z.number(),
    /** The run's end for a phase that has not ended. */
    end: z.number(),
    state: z.enum(["running", "finished", "failed"]),
});

/** How long something had one value. */
export const laneSpanSchema = z.object({
    lane: z.enum(["virtual-address", "balancer-server", "etcd-leader", "node"]),
    subject: z.string(),
    value: z.string(),
    start: z.number(),
    end: z.number(),
});

export type PhaseSpan = z.output<typeof phaseSpanSchema>;
export type LaneSpan = z.output<typeof laneSpanSchema>;

/** Joins each start with the next end of the same phase on the same host. An end without a start is left out. */
export function phaseSpans(events: readonly PhaseEvent[], runEnd: number): PhaseSpan[] {
    const open = new Map<string, PhaseEvent>();
    const spans: PhaseSpan[] = [];
    for (const event of events) {
        const key = `${event.host}\n${event.phase}`;
        const { host, phase } = event;
        const started = open.get(key);
        if (event.state === "started") {
            open.set(key, event);
        } else if (started !== undefined) {
            spans.push({ host, phase, start: started.time, end: event.time, state: event.state });
            open.delete(key);
        }
    }
    for (const { host, phase, time } of open.values()) {
        spans.push({ host, phase, start: time, end: Math.max(time, runEnd), state: "running" });
    }
    return spans.toSorted((left, right) => left.start - right.start);
}

/** Each value lasts until the next one of the same subject, the last one until the end of the run. */
export function laneSpans(events: readonly LaneEvent[], runEnd: number): LaneSpan[] {
    const spans: LaneSpan[] = [];
    const current = new Map<string, LaneSpan>();
    for (const { lane, subject, value, time } of events) {
        const key = `${lane}\n${subject}`;
        const before = current.get(key);
        if (before?.value === value) continue;
        if (before !== undefined) before.end = time;
        const span = { lane, subject, value, start: time, end: Math.max(time, runEnd) };
        current.set(key, span);
        spans.push(span);
    }
    return spans;
}
