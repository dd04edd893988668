import type { Clock } from "../../maintenance/workflow/clock";
import { Duration } from "../../model/duration";

/** A pod as the census sees it. */
export interface SeenPod {
    readonly uid: string;
    readonly node: string;
}

/** Pods of an application, counted while something is done to their nodes. */
export interface PodCensus {
    /** Ends it. @returns pods created since the start, and how many stood on each of the nodes then */
    stop(): Promise<{ readonly created: number; readonly byNode: readonly number[] }>;
}

/** A pod that is created and gone again in between is not seen; even a failing one lives longer. */
const INTERVAL = Duration.milliseconds(500);

/**
 * Starts with the pods that there are. While the API does not answer nothing is seen, which is what the ways are measured by.
 * @param list the application's pods now
 * @param nodes nodes that may run them
 * @throws Error when the pods cannot be listed at the start
 */
export async function startCensus(
    list: () => Promise<readonly SeenPod[]>,
    nodes: readonly string[],
    clock: Clock,
): Promise<PodCensus> {
    const first = await list();
    const uids = new Set(first.map(({ uid }) => uid));
    let stopped = false;
    const look = async (): Promise<void> => {
        for (const { uid } of await list().catch(() => [])) uids.add(uid);
    };
    const watching = (async () => {
        while (!stopped) {
            await look();
            await clock.pause(INTERVAL.milliseconds);
        }
    })();
    return {
        async stop() {
            stopped = true;
            await watching;
            await look();
            const byNode = nodes.map((node) => first.filter((pod) => pod.node === node).length);
            return { created: uids.size - first.length, byNode };
        },
    };
}
