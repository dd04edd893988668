import type { Clock } from "./clock";
import type { LeaseRecord } from "./runStore";

/** How far the clocks of two machines may differ. */
const CLOCK_SKEW_MILLISECONDS = 30_000;

/** Whether the holder has been silent for longer than the lock lives without renewal. */
export function isExpired({ renewedAt, durationSeconds }: LeaseRecord, clock: Clock): boolean {
    return renewedAt.getTime() + durationSeconds * 1000 + CLOCK_SKEW_MILLISECONDS < clock.now().getTime();
}
