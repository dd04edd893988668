/** Reports what a step is doing right now; the last report shows in the next progress line. */
export type Detail = (text: string) => void;

export interface ProgressOutput {
    write(line: string): void;
    now(): number;
}

const terminal: ProgressOutput = {
    write: (line) => void process.stderr.write(`${line}\n`),
    now: () => Date.now(),
};

/** A first line when a step takes longer than this, in milliseconds. */
export const firstLineAfter = 2_000;
/** Another line each time this has passed, in milliseconds. */
export const lineEvery = 15_000;

/** Plain progress lines: a step that lasts says so, again and again, and each step ends with how long it took. */
export class Progress {
    constructor(private readonly output: ProgressOutput = terminal) {}

    /** Runs one step and reports it. The step's own error passes through. */
    async during<T>(title: string, work: (detail: Detail) => Promise<T>): Promise<T> {
        const started = this.output.now();
        let last = "";
        const elapsed = (): string => formatSeconds(this.output.now() - started);
        const first = setTimeout(() => this.output.write(`${title} ...`), firstLineAfter);
        const every = setInterval(() => this.output.write(runningLine(title, elapsed(), last)), lineEvery);
        try {
            const result = await work((text) => (last = text));
            this.output.write(`${title}: ${elapsed()}`);
            return result;
        } catch (error) {
            this.output.write(`${title}: failed after ${elapsed()}`);
            throw error;
        } finally {
            clearTimeout(first);
            clearInterval(every);
        }
    }

    /** One line that belongs to no step. */
    note(text: string): void {
        this.output.write(text);
    }
}

/** The line of a step that still runs. */
export function runningLine(title: string, elapsed: string, detail: string): string {
    return `${title}, ${elapsed} so far${detail ? `: ${detail}` : ""}`;
}

/** Milliseconds for people: `0.4 s`, `12.3 s`, `3 min 05 s`. */
export function formatSeconds(milliseconds: number): string {
    const seconds = milliseconds / 1000;
    if (seconds < 60) return `${seconds.toFixed(1)} s`;
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
