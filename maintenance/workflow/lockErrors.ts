/** Another run holds the lock. Exit code 75. */
export class LockHeldError extends Error {
    constructor(
        readonly holder: string,
        since: Date,
        next: string,
    ) {
        super(
            `the cluster is under maintenance by ${holder}, since ${since.toISOString()}; nothing was changed; ${next}`,
        );
        this.name = "LockHeldError";
    }
}

/** The lock is no longer ours, or nobody can say so: nothing more may be changed. Exit code 75. */
export class LockLostError extends Error {
    constructor(what: string) {
        super(
            `the lock was lost: ${what}; this run changes nothing more; look with \`quorate status\`, then run \`quorate resume\` or \`quorate abort\``,
        );
        this.name = "LockLostError";
    }
}
