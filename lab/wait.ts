import { LabError } from "./errors";
import { throwIfStopping } from "./process";

export interface Wait<T> {
    /** What is waited for, as words that complete "waiting for ...". */
    readonly what: string;
    readonly deadlineMs: number;
    readonly intervalMs?: number;
    observe(): Promise<T> | T;
    satisfied(observation: T): boolean;
    /** The last observation in words, for the error. */
    describe(observation: T): string;
}

/** Observes until satisfied and returns the last observation. @throws LabError at the deadline, with the last observation, or when interrupted */
export async function until<T>(wait: Wait<T>): Promise<T> {
    const deadline = Date.now() + wait.deadlineMs;
    for (;;) {
        throwIfStopping();
        const observation = await wait.observe();
        if (wait.satisfied(observation)) return observation;
        if (Date.now() >= deadline) {
            const seconds = Math.round(wait.deadlineMs / 1000);
            throw new LabError(`waited ${seconds} s for ${wait.what}; last seen: ${wait.describe(observation)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, wait.intervalMs ?? 100));
    }
}
