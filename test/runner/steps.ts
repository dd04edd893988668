import type { Counts } from "./counts";
import { wasInterrupted } from "./programs";

/** One part of a run of tests. */
export interface Step {
    readonly title: string;
    /** Why the step cannot run here; undefined when it can. */
    readonly missing?: () => string | undefined;
    readonly run: (title: string) => Promise<Counts>;
}

/** Why lab tests cannot run on this machine; undefined when they can. */
export function missingForLab(): string | undefined {
    if (process.platform !== "linux") return `the lab's hosts need Linux, this is ${process.platform}`;
    return process.getuid?.() === 0 ? undefined : "the lab's hosts need root; run the tests as root";
}

/** Runs the steps one after the other and says how long each took. Ends this process with 130 when interrupted. */
export async function performAll(steps: readonly Step[]): Promise<Counts[]> {
    const results: Counts[] = [];
    for (const step of steps) {
        results.push(await perform(step));
        if (wasInterrupted()) return process.exit(130);
    }
    return results;
}

async function perform({ title, missing, run }: Step): Promise<Counts> {
    const reason = missing?.();
    if (reason !== undefined) {
        console.log(`\n== ${title}: skipped: ${reason}`);
        return { passed: 0, failed: [], skipped: [`${title}: ${reason}`] };
    }
    console.log(`\n== ${title}`);
    const started = Date.now();
    const counts = await run(title);
    const verdict = counts.failed.length === 0 ? "ok" : `${counts.failed.length} failed`;
    console.log(`== ${title}: ${verdict}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return counts;
}
