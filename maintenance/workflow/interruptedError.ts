/** The run was asked to end while turning back was possible. Exit code 130. */
export class InterruptedError extends Error {
    constructor(readonly reason: string) {
        super(`interrupted: ${reason}`);
        this.name = "InterruptedError";
    }
}
