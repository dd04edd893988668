import { z } from "zod";

/** Milliseconds since 1970, or ISO 8601. */
const time = z.union([z.number(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);

const phaseEvent = z.object({
    time,
    host: z.string(),
    phase: z.string(),
    state: z.enum(["started", "finished", "failed"]),
});

const laneEvent = z.object({
    time,
    /** What is observed. */
    lane: z.enum(["virtual-address", "balancer-server", "etcd-leader", "node"]),
    /** Of what: the address, `lb1/ingress-http/cp1`, the cluster, the node. */
    subject: z.string(),
    /** Its state from this time on: the owner, `maint`, the leader, `Ready`. */
    value: z.string(),
});

const eventSchema = z.union([phaseEvent, laneEvent]);

export type MaintenanceEvent = z.output<typeof eventSchema>;
export type PhaseEvent = z.output<typeof phaseEvent>;
export type LaneEvent = z.output<typeof laneEvent>;

/** What an events file holds. */
export interface MaintenanceEvents {
    readonly phases: readonly PhaseEvent[];
    readonly lanes: readonly LaneEvent[];
    /** Lines that are no event. Their writer may have been killed in the middle of one; nothing is thrown for them. */
    readonly unreadableLines: number;
}

/** Reads NDJSON, one event a line, sorted by time. */
export function parseEvents(text: string): MaintenanceEvents {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const events = lines.map(parseLine).filter((event) => event !== undefined);
    const sorted = events.toSorted((left, right) => left.time - right.time);
    return {
        phases: sorted.filter((event): event is PhaseEvent => "phase" in event),
        lanes: sorted.filter((event): event is LaneEvent => "lane" in event),
        unreadableLines: lines.length - events.length,
    };
}

function parseLine(line: string): MaintenanceEvent | undefined {
    try {
        return eventSchema.safeParse(JSON.parse(line)).data;
    } catch {
        return undefined;
    }
}
