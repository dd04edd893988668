/** One named part of a creation, in seconds since its clock started. */
export interface Phase {
    readonly name: string;
    readonly start: number;
    readonly end: number;
}

/** One creation of a cluster, measured. */
export interface Creation {
    /** Seconds from the start of the clock to the condition that ends it. */
    readonly seconds: number;
    /** In the order in which they began; they may overlap and need not cover the whole. */
    readonly phases: readonly Phase[];
}

/** A clock that starts when it is made and remembers what was done while it ran. */
export class Stopwatch {
    private readonly phases: Phase[] = [];
    private readonly started: number;

    /** @param now milliseconds of a clock that never goes back */
    constructor(private readonly now: () => number = () => performance.now()) {
        this.started = now();
    }

    /** Seconds since the start. */
    elapsed(): number {
        return (this.now() - this.started) / 1000;
    }

    /** Does one part of the work and notes when it began and ended. */
    async phase<T>(name: string, work: () => Promise<T>): Promise<T> {
        const start = this.elapsed();
        const result = await work();
        this.phases.push({ name, start, end: this.elapsed() });
        return result;
    }

    /** The clock's reading at the end of the last phase. */
    creation(): Creation {
        return { seconds: this.phases.at(-1)?.end ?? 0, phases: this.phases };
    }
}
