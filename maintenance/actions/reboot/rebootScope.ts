import type { Duration } from "../../../model/duration";
import type { ClusterInventory, InventoryHost } from "../../../model/inventory";
import type { RebootPorts } from "./rebootPorts";

/** What happens to a host whose pods cannot be evicted in time: the run ends, goes on without it, or deletes the pods. */
export type DrainPolicy = "block" | "skip" | "force";

/** Longest waits. */
export interface RebootDeadlines {
    /** Live sessions of a server in maint; what is left then is cut. */
    readonly sessions: Duration;
    readonly drain: Duration;
    readonly volumes: Duration;
    /** From the order to reboot until SSH answers with a new boot id. */
    readonly boot: Duration;
    /** From then until node, pods, pod network and ingress are ready, each. */
    readonly ready: Duration;
}

export interface RebootSettings {
    readonly policy: DrainPolicy;
    /** Whether a load balancer that had the virtual address gets it back. */
    readonly takeAddressBack: boolean;
    readonly deadlines: RebootDeadlines;
}

/**
 * What a phase wants to know again after a crash, by a key of its own; kept in the journal, per host. Written before the
 * mutation that it describes, for example the boot id before the order to reboot.
 */
export interface HostNotes {
    read(key: string): string | undefined;
    /** Returns when it is on disk. */
    write(key: string, value: string): Promise<void>;
}

/** Where a phase tells what it sees; the last line stands beside the phase's name. */
export interface RebootProgress {
    report(line: string): void;
    warn(line: string): void;
}

/**
 * What the phases of one host may read. A phase that finds a reason to leave the host alone throws RefusedError, or
 * BlockedError for pods that cannot be evicted: this host is then put back as it was. Any other error stops the run with
 * the host as it is. Waits use `ports.clock`: its pause throws when the run is interrupted where turning back is possible.
 */
export interface RebootScope {
    readonly host: InventoryHost;
    /** Hosts that go at the same time, this one among them. */
    readonly together: readonly string[];
    readonly inventory: ClusterInventory;
    readonly runId: string;
    readonly settings: RebootSettings;
    readonly ports: RebootPorts;
    readonly notes: HostNotes;
    readonly progress: RebootProgress;
    /** Whether this very driver has seen all phases before the reboot through: what an earlier one saw may be hours old. */
    hasLeft(): boolean;
}
