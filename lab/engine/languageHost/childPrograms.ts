import { ChildProcess, SpawnOptions, spawn } from "node:child_process";

/** How long an interrupted program has to end, in milliseconds. */
const graceAfterInterrupt = 5_000;

/** The Node.js programs that the host has started; none outlives it. */
export class ChildPrograms {
    private readonly running = new Set<ChildProcess>();

    constructor() {
        process.once("exit", () => this.kill());
    }

    /** Starts node with the arguments. */
    start(args: readonly string[], options: SpawnOptions): ChildProcess {
        const child = spawn(process.execPath, args, options);
        this.running.add(child);
        child.once("close", () => this.running.delete(child));
        return child;
    }

    /** Interrupts a program as Ctrl-C does, and kills it when it takes too long. */
    interrupt(child: ChildProcess): void {
        child.kill("SIGINT");
        const timer = setTimeout(() => child.kill("SIGKILL"), graceAfterInterrupt);
        child.once("close", () => clearTimeout(timer));
    }

    /** Interrupts every running program. */
    interruptAll(): void {
        for (const child of this.running) this.interrupt(child);
    }

    /** Kills every running program at once. */
    kill(): void {
        for (const child of this.running) child.kill("SIGKILL");
    }
}
