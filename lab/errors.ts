/** Exit statuses of the lab's command line; the same numbers as the product's. */
export const exitCode = { ok: 0, failed: 1, usage: 2, unhealthy: 4, locked: 75, interrupted: 130 } as const;

/** A failure with words for the person at the keyboard: what failed, what was expected, what to do next. */
export class LabError extends Error {
    override readonly name: string = "LabError";

    /** @param exitStatus what the command line exits with; see {@link exitCode} */
    constructor(
        message: string,
        readonly exitStatus: number = exitCode.failed,
    ) {
        super(message);
    }
}
