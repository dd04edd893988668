/** A line that `pulumi up --json` printed. */
export interface StampedLine {
    readonly text: string;
    /** When it came, in seconds since the start of the clock: the engine's own time stamps are whole seconds. */
    readonly at: number;
}

/** A resource that the engine worked on. */
export interface ResourceStep {
    readonly name: string;
    /** The types from the outermost component down to the resource, as in its URN. */
    readonly types: readonly string[];
    /** `create`, `read`, `same` and so on. */
    readonly operation: string;
    readonly start: number;
    readonly end: number;
}

interface StepMetadata {
    readonly metadata: { readonly op: string; readonly urn: string };
}

interface EngineEvent {
    readonly resourcePreEvent?: StepMetadata;
    readonly resOutputsEvent?: StepMetadata;
    readonly resOpFailedEvent?: StepMetadata;
    readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly urn?: string };
}

/** Every step that began and ended, in the order of their ends. Lines that are no events are passed over. */
export function resourceSteps(lines: readonly StampedLine[]): ResourceStep[] {
    const begun = new Map<string, number>();
    return lines.flatMap(({ text, at }) => {
        const { resourcePreEvent: pre, resOutputsEvent, resOpFailedEvent } = parseEvent(text);
        if (pre) begun.set(pre.metadata.urn, at);
        const done = (resOutputsEvent ?? resOpFailedEvent)?.metadata;
        const start = done && begun.get(done.urn);
        return done && start !== undefined ? [{ ...parseUrn(done.urn), operation: done.op, start, end: at }] : [];
    });
}

/** What the engine and the program complained about. */
export function engineErrors(lines: readonly StampedLine[]): string[] {
    return lines.flatMap(({ text }) => {
        const { diagnosticEvent } = parseEvent(text);
        return diagnosticEvent?.severity === "error" ? [diagnosticEvent.message.trim()] : [];
    });
}

function parseEvent(text: string): EngineEvent {
    if (!text.startsWith("{")) return {};
    try {
        return JSON.parse(text) as EngineEvent;
    } catch {
        return {};
    }
}

/** `urn:pulumi:STACK::PROJECT::TYPE$TYPE::NAME` */
function parseUrn(urn: string): { name: string; types: string[] } {
    const [, , types = "", ...name] = urn.split("::");
    return { name: name.join("::"), types: types.split("$") };
}
