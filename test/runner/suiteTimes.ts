/** Suites below this are not worth a line, in milliseconds, by how deep they are: a file's own, and parts of it. */
const WORTH_MS = [1_000, 10_000];

interface SuiteTime {
    readonly title: string;
    readonly depth: number;
    readonly began: number;
    milliseconds: number;
}

/** How long suites took, their hooks included. */
export class SuiteTimes {
    private readonly all: SuiteTime[] = [];
    private readonly open: SuiteTime[] = [];

    constructor(private readonly now: () => number = Date.now) {}

    begin(title: string): void {
        const suite = { title, depth: this.open.length, began: this.now(), milliseconds: 0 };
        this.all.push(suite);
        this.open.push(suite);
    }

    end(): void {
        const suite = this.open.pop();
        if (suite !== undefined) suite.milliseconds = this.now() - suite.began;
    }

    /** A line for each suite that took long, in the order in which they ran. */
    lines(): string[] {
        return this.all
            .filter(({ depth, milliseconds }) => milliseconds >= (WORTH_MS[depth] ?? Infinity))
            .map(({ title, depth, milliseconds }) => {
                return `${(milliseconds / 1000).toFixed(1).padStart(8)} s  ${"  ".repeat(depth)}${title}`;
            });
    }
}
