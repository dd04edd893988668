/** The Lease as it is stored. */
export interface LeaseRecord {
    /** Who holds it; empty when it was given up. */
    readonly holder: string;
    readonly acquiredAt: Date;
    readonly renewedAt: Date;
    readonly durationSeconds: number;
    /** Compared by the server on every replacement. */
    readonly resourceVersion: string;
}

/** Lease `quorate-maintenance` in kube-system: one request each, no retries, at any API server that answers. */
export interface RunLease {
    /** Undefined when there is none yet. */
    read(): Promise<LeaseRecord | undefined>;
    /** Undefined when somebody was faster. */
    create(record: Omit<LeaseRecord, "resourceVersion">): Promise<LeaseRecord | undefined>;
    /** Undefined when it was changed since `resourceVersion`, or is gone. */
    replace(record: LeaseRecord): Promise<LeaseRecord | undefined>;
}

/** ConfigMap `quorate-run` in kube-system: the state of the run as others see it, one text. */
export interface RunMirror {
    /** Undefined when there is none. */
    read(): Promise<string | undefined>;
    write(text: string): Promise<void>;
    /** Gone already is success. */
    remove(): Promise<void>;
}
