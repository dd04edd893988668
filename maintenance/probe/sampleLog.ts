import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { Sample } from "./sample";

/** Keeps samples for the report and writes them to a file as they come. */
export interface SampleLog {
    readonly samples: readonly Sample[];
    add(sample: Sample): void;
    /** Ends when everything is on the file. @throws Error when writing failed */
    close(): Promise<void>;
}

/** Lines go out once a second: a write for each sample would cost more than the request. */
const FLUSH_EVERY = 1000;

/** @param path NDJSON file, replaced if it is there; samples are only kept when left out. About 300 bytes of memory each. */
export function openSampleLog(path: string | undefined): SampleLog {
    const samples: Sample[] = [];
    if (path === undefined) {
        return { samples, add: (sample) => void samples.push(sample), close: () => Promise.resolve() };
    }
    const file = createWriteStream(path);
    const written = finished(file);
    written.catch(() => undefined);
    let flushed = 0;
    const flush = () => {
        if (flushed === samples.length) return;
        file.write(
            samples
                .slice(flushed)
                .map((sample) => `${JSON.stringify(sample)}\n`)
                .join(""),
        );
        flushed = samples.length;
    };
    const timer = setInterval(flush, FLUSH_EVERY);
    return {
        samples,
        add: (sample) => void samples.push(sample),
        async close() {
            clearInterval(timer);
            flush();
            file.end();
            await written;
        },
    };
}
