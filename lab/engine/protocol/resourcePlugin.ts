import { PropertyDiffs } from "./propertyDiff";
import { PropertyMap } from "./values";

/** The resource an operation is about. */
export interface ResourceRef {
    readonly urn: string;
    /** The type token, such as `command:remote:Command`. */
    readonly type: string;
    readonly name: string;
}

/** What every operation that may take long gets: the end of its time or of the whole update. */
export interface Operation extends ResourceRef {
    /** Aborted with the reason when the update is cancelled or the operation's own timeout is over. */
    readonly signal: AbortSignal;
    /** The operation's own timeout in seconds, if the user gave one. */
    readonly timeoutSeconds?: number;
}

/** An input that is not acceptable, and why. */
export interface CheckFailure {
    readonly property: string;
    readonly reason: string;
}

/** The outcome of comparing inputs: what differs, and which top-level properties or paths need a replacement. */
export interface DiffResult {
    readonly diffs: PropertyDiffs;
    readonly replaces: readonly string[];
    readonly deleteBeforeReplace?: boolean;
}

/** A request to look at a resource as it was and as it should be. */
export interface Change {
    readonly id: string;
    /** Inputs of the last update. */
    readonly oldInputs: PropertyMap;
    /** Outputs of the last update. */
    readonly oldState: PropertyMap;
    readonly newInputs: PropertyMap;
}

/** What an existing resource looks like now; null when it is gone. */
export interface ReadResult {
    readonly id: string;
    readonly state: PropertyMap;
    readonly inputs: PropertyMap;
}

/**
 * A resource exists but did not become ready. The engine records it with its state and reports the reasons, and the
 * next update tries again.
 */
export class InitializationError extends Error {
    constructor(
        readonly id: string,
        readonly state: PropertyMap,
        readonly inputs: PropertyMap,
        readonly reasons: readonly string[],
    ) {
        super(reasons.join("; "));
        this.name = "InitializationError";
    }
}

/** The work of a resource plugin, without the wire. Failures are thrown as errors whose message the user reads. */
export interface ResourcePlugin {
    readonly name: string;
    readonly version: string;
    /** Takes the provider's configuration before any resource is touched. */
    configure(config: PropertyMap): Promise<void>;
    /** Validates a provider's configuration; returns it with what is missing filled in. */
    checkConfig(news: PropertyMap): Promise<{ inputs: PropertyMap; failures: readonly CheckFailure[] }>;
    /** What a change of the provider's configuration does to it. */
    diffConfig(oldInputs: PropertyMap, newInputs: PropertyMap): Promise<DiffResult>;
    check(
        resource: ResourceRef,
        olds: PropertyMap,
        news: PropertyMap,
    ): Promise<{ inputs: PropertyMap; failures: readonly CheckFailure[] }>;
    diff(resource: ResourceRef, change: Change): Promise<DiffResult>;
    create(operation: Operation, inputs: PropertyMap, preview: boolean): Promise<{ id: string; state: PropertyMap }>;
    update(operation: Operation, change: Change, preview: boolean): Promise<PropertyMap>;
    read(operation: Operation, current: ReadResult): Promise<ReadResult | null>;
    delete(operation: Operation, id: string, state: PropertyMap): Promise<void>;
    invoke(token: string, args: PropertyMap, signal: AbortSignal): Promise<PropertyMap>;
}
