/** The life of one operation: its signal, and how to say that it is over. */
export interface Scope {
    readonly signal: AbortSignal;
    /** Must be called when the operation is over, however it ended. */
    end(): void;
}

/** Ends the operations under way when the engine cancels, and single ones when their time is over. */
export class Cancellation {
    private readonly running = new Set<AbortController>();
    private reason: string | undefined;

    /** Starts an operation; `seconds` of 0 means no timeout of its own. After a cancel it starts aborted. */
    scope(seconds: number): Scope {
        const controller = new AbortController();
        if (this.reason !== undefined) controller.abort(new Error(this.reason));
        this.running.add(controller);
        const late = (): void => controller.abort(new Error(`not done within its timeout of ${seconds} s`));
        const timer = seconds > 0 ? setTimeout(late, seconds * 1000) : undefined;
        return {
            signal: controller.signal,
            end: () => {
                clearTimeout(timer);
                this.running.delete(controller);
            },
        };
    }

    /** Aborts all operations under way and those still to come. */
    cancel(reason: string): void {
        this.reason = reason;
        for (const controller of this.running) controller.abort(new Error(reason));
    }
}
