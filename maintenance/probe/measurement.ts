import type { MaintenanceEvents } from "./maintenanceEvents";
import type { Pause } from "./reportShape";
import type { Sample } from "./sample";
import type { Target } from "./target";

/** Requests of one target that the plan had, and those that were not sent for the prober's own reasons. */
export interface Dispatch {
    readonly planned: number;
    readonly unsent: number;
}

/** Everything that a run has measured, before it is judged. */
export interface Measurement {
    readonly cluster: string;
    readonly seed: number;
    /** Milliseconds since 1970. */
    readonly start: number;
    readonly end: number;
    readonly targets: readonly Target[];
    /** By target. */
    readonly dispatch: ReadonlyMap<string, Dispatch>;
    readonly samples: readonly Sample[];
    readonly stalls: readonly Pause[];
    readonly watch: { readonly opened: number; readonly gaps: readonly Pause[] } | null;
    readonly cost: { readonly cpuSeconds: number; readonly peakMemoryMiB: number };
    readonly events: MaintenanceEvents;
}
