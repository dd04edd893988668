import type { Dispatch } from "./measurement";
import { preciseNow } from "./preciseClock";
import type { Api } from "./runLanes";
import type { Sample } from "./sample";
import type { Target } from "./target";
import { openWatchStream, type WatchStream } from "./watchStream";
import { writeLedger } from "./writeLedger";

/** Expects an event for every write that the API has acknowledged. */
export interface WatchCanary {
    readonly stream: WatchStream;
    /** To be called with every acknowledged write. */
    written(sequence: number, at: number): void;
    /** Waits until every write is seen or overdue, closes the watch, and tells how many were expected. */
    finish(): Promise<Dispatch>;
}

/** How often overdue writes are looked for, in milliseconds. */
const LOOK_EVERY = 100;

/** @param deadline milliseconds from an acknowledgement to its event */
export function openWatchCanary(
    target: Target,
    api: Api,
    deadline: number,
    onSample: (sample: Sample) => void,
): WatchCanary {
    let expected = 0;
    const ledger = writeLedger(deadline, ({ acknowledged, seen, sequence }) =>
        onSample(sampleOf(target, acknowledged, seen, { deadline, sequence })),
    );
    const stream = openWatchStream({
        session: api.session,
        path: `${api.canary.collection}?watch=1&fieldSelector=metadata.name%3D${api.canary.name}`,
        onData({ sequence = "0" }, at, anew) {
            if (anew) ledger.catchUp(Number(sequence), at);
            else ledger.see(Number(sequence), at);
        },
    });
    const timer = setInterval(() => ledger.expire(preciseNow()), LOOK_EVERY);
    return {
        stream,
        written(sequence, at) {
            expected += 1;
            ledger.acknowledge(sequence, at);
        },
        async finish() {
            while (ledger.awaited > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
            clearInterval(timer);
            stream.close();
            return { planned: expected, unsent: 0 };
        },
    };
}

function sampleOf(
    { name, kind }: Target,
    acknowledged: number,
    seen: number | null,
    { deadline, sequence }: { readonly deadline: number; readonly sequence: number },
): Sample {
    return {
        target: name,
        kind,
        channel: 0,
        planned: acknowledged,
        start: acknowledged,
        end: seen ?? acknowledged + deadline,
        ok: seen !== null,
        status: null,
        error: seen === null ? "unseen" : null,
        detail: seen === null ? `the watch did not tell of write ${sequence} within ${deadline} ms` : "",
        connection: "reused",
        retriedOnFreshConnection: false,
        pod: null,
    };
}
