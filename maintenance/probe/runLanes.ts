import type { ApiSession } from "./apiSession";
import type { Canary } from "./canary";
import { openCaller, type Caller } from "./caller";
import type { Ask } from "./exchange";
import type { Lane } from "./openLoop";
import type { Sample } from "./sample";
import type { HttpTarget, Target } from "./target";
import { toSample } from "./toSample";

/** A lane and the connections it keeps. */
export interface OpenLane extends Lane {
    close(): void;
}

/** Plain GETs. @param session trust for servers with the cluster's own certificates */
export function getLane(target: HttpTarget, onSample: (sample: Sample) => void, session?: ApiSession): OpenLane {
    const ask: Ask = { ...target.question, method: "GET", secureContext: session?.secureContext };
    const caller = openCaller(target, ask.secure);
    return lane(
        target,
        caller,
        () => ask,
        (sample) => onSample(sample),
    );
}

/** Reads of the canary. */
export function readLane(target: Target, api: Api, onSample: (sample: Sample) => void): OpenLane {
    const ask: Ask = { ...api.session, method: "GET", path: api.canary.path };
    return lane(
        target,
        openCaller(target, true),
        () => ask,
        (sample) => onSample(sample),
    );
}

/** Writes to the canary, each with a number of its own. */
export function writeLane(target: Target, api: Api, onWrite: (sample: Sample, sequence: number) => void): OpenLane {
    const headers = { ...api.session.headers, "content-type": "application/merge-patch+json" };
    const common = { ...api.session, headers, method: "PATCH", path: api.canary.path } as const;
    return lane(
        target,
        openCaller(target, true),
        (sequence) => ({ ...common, body: JSON.stringify({ data: { sequence: String(sequence) } }) }),
        onWrite,
        api.nextSequence,
    );
}

/** The API's address and credentials, the prober's object there, and a counter of writes. */
export interface Api {
    readonly session: ApiSession;
    readonly canary: Canary;
    nextSequence(): number;
}

function lane(
    target: Target,
    caller: Caller,
    ask: (sequence: number) => Ask,
    onSample: (sample: Sample, sequence: number) => void,
    nextSequence: () => number = () => 0,
): OpenLane {
    return {
        name: target.name,
        rate: target.rate,
        channels: target.channels,
        async send({ channel, planned, deadline }) {
            const sequence = nextSequence();
            const call = await caller.call(ask(sequence), channel, deadline);
            onSample(toSample(target, { channel, planned }, call), sequence);
        },
        close: () => caller.close(),
    };
}
