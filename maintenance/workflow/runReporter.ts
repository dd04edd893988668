/** A phase of a host that begins or ends. The prober's `--events` reads these. */
export interface RunEvent {
    /** ISO 8601. */
    readonly time: string;
    readonly host: string;
    readonly phase: string;
    readonly state: "started" | "finished" | "failed";
    /** Why it failed; what it is about, at its start. */
    readonly detail: string;
    /** Longest time that it may take. */
    readonly deadlineMs?: number;
}

/** Who is told while a run goes on. Never throws, and takes no time. */
export interface RunReporter {
    event(event: RunEvent): void;
    /** What a phase has seen last. */
    observed(host: string, line: string): void;
    /** A host came to an end of its turn. */
    hostEnded(host: string, how: "done" | "put-back" | "skipped" | "failed", why: string): void;
    line(text: string): void;
    warn(text: string): void;
}

/** Tells several. */
export function tellAll(reporters: readonly RunReporter[]): RunReporter {
    return {
        event: (event) => reporters.forEach((reporter) => reporter.event(event)),
        observed: (host, line) => reporters.forEach((reporter) => reporter.observed(host, line)),
        hostEnded: (host, how, why) => reporters.forEach((reporter) => reporter.hostEnded(host, how, why)),
        line: (text) => reporters.forEach((reporter) => reporter.line(text)),
        warn: (text) => reporters.forEach((reporter) => reporter.warn(text)),
    };
}
