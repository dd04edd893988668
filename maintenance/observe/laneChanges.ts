import type { LaneEvent } from "../probe/maintenanceEvents";

/** A state of one thing, in the words of the page. */
export type LaneValue = Pick<LaneEvent, "subject" | "value">;

/** States by subject. */
export type LaneValues = ReadonlyMap<string, string>;

/** Events for what is new or has another value than before. Pure. @param time milliseconds since 1970 */
export function laneChanges(
    lane: LaneEvent["lane"],
    before: LaneValues,
    now: readonly LaneValue[],
    time: number,
): LaneEvent[] {
    return now
        .filter(({ subject, value }) => before.get(subject) !== value)
        .map(({ subject, value }) => ({ time, lane, subject, value }));
}
