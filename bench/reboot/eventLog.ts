import { appendFileSync } from "node:fs";
import type { PhaseEvent } from "../../maintenance/probe/maintenanceEvents";
import type { Clock } from "../../maintenance/workflow/clock";

/** What was done to which host and when, for the prober and for the overhead. */
export interface EventLog {
    record(host: string, phase: string, state: PhaseEvent["state"]): void;
    /** A line that another program has written in the same form. */
    copy(line: string): void;
}

/** Events as NDJSON, as `quorate` writes them; each is in the file when the call returns. */
export function openEventLog(file: string, clock: Clock): EventLog {
    const copy = (line: string): void => appendFileSync(file, `${line}\n`);
    return {
        record: (host, phase, state) => copy(JSON.stringify({ time: clock.now().toISOString(), host, phase, state })),
        copy,
    };
}

/** Does one phase of a host and records when it began and ended, and whether it failed. */
export async function during<T>(log: EventLog, host: string, phase: string, work: () => Promise<T>): Promise<T> {
    log.record(host, phase, "started");
    try {
        const result = await work();
        log.record(host, phase, "finished");
        return result;
    } catch (error) {
        log.record(host, phase, "failed");
        throw error;
    }
}
