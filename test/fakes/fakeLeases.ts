import type { LeaseFacts } from "../../maintenance/ports/kubernetes";
import type { Clock } from "../../maintenance/workflow/clock";

/** Leases as their holders and candidates treat them: given up by a scheduler that stops, else taken when they ran out. */
export class FakeLeases {
    durationSeconds = 15;
    private readonly stopped = new Set<string>();
    private readonly held: Map<string, { holder: string; renewedAt: Date }>;

    /** @param candidates host names; the first holds both leases */
    constructor(
        private readonly candidates: readonly string[],
        private readonly world: { readonly clock: Clock; isDead(host: string): boolean },
    ) {
        this.held = new Map();
        this.lead(candidates[0] ?? "");
    }

    /** Makes a host the holder of both. */
    lead(host: string): void {
        const renewedAt = this.world.clock.now();
        for (const name of ["kube-scheduler", "kube-controller-manager"])
            this.held.set(name, { holder: host, renewedAt });
    }

    /** Ends both processes of a host with grace. */
    stop(host: string): void {
        this.stopped.add(host);
        const scheduler = this.held.get("kube-scheduler");
        if (scheduler?.holder === host) this.held.set("kube-scheduler", { ...scheduler, holder: "" });
    }

    /** Both leases as a reader finds them; what is free is taken after that, if there is somebody to take it. */
    now(): LeaseFacts[] {
        const found = [...this.held].map(([name, { holder, renewedAt }]) => ({
            name,
            holder: holder === "" ? "" : `${holder}_0434-77`,
            renewedAt,
            durationSeconds: this.durationSeconds,
        }));
        this.passTime();
        return found;
    }

    private passTime(): void {
        const now = this.world.clock.now();
        const next = this.candidates.find((host) => this.runs(host));
        for (const [name, { holder, renewedAt }] of this.held) {
            const ranOut = now.getTime() - renewedAt.getTime() > this.durationSeconds * 1000;
            if (this.runs(holder)) this.held.set(name, { holder, renewedAt: now });
            else if (next !== undefined && (holder === "" || ranOut))
                this.held.set(name, { holder: next, renewedAt: now });
        }
    }

    private runs(host: string): boolean {
        return this.candidates.includes(host) && !this.stopped.has(host) && !this.world.isDead(host);
    }
}
