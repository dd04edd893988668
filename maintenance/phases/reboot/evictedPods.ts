import type { EvictablePod, EvictedPod } from "../../actions/reboot/rebootPorts";
import type { RebootScope } from "../../actions/reboot/rebootScope";

const NOTES = ["evicted-storage", "evicted-rest"] as const;

/** Where the notes keep what a step of the drain has evicted. */
export type EvictionNote = (typeof NOTES)[number];

/** Pods that this turn has evicted, also before a crash; those of one step only when it is given. */
export function evictedBefore({ notes }: RebootScope, only?: EvictionNote): readonly EvictedPod[] {
    const wanted = only === undefined ? NOTES : [only];
    return wanted.flatMap((note) => JSON.parse(notes.read(note) ?? "[]") as EvictedPod[]);
}

/** Notes pods that are about to be evicted. Written first: after a crash nobody could tell what was evicted. */
export async function remember(scope: RebootScope, note: EvictionNote, pods: readonly EvictablePod[]): Promise<void> {
    const known = evictedBefore(scope, note);
    const added = pods
        .filter((pod) => !known.some(({ uid }) => uid === pod.uid))
        .map(({ namespace, name, uid, owner }) => ({ namespace, name, uid, owner }));
    if (added.length > 0) await scope.notes.write(note, JSON.stringify([...known, ...added]));
}
