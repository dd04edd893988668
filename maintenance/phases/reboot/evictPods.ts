import pLimit from "p-limit";
import type { EvictablePod, EvictionResult } from "../../actions/reboot/rebootPorts";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import { BlockedError } from "../../workflow/blockedError";
import { DeadlineError } from "../../workflow/until";
import { awaitNothingLeft } from "./awaitNothingLeft";

/** Enough to be quick on a full node, few enough not to be a burden to the API server. */
const CONCURRENCY = 10;
/** A budget frees itself when a replacement is ready; asking often costs little, waiting costs the host's time. */
const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 2000;

/** Tells of the pods which of them a step takes. */
export type Choice = (pod: EvictablePod) => boolean;

/**
 * Evicts the chosen pods and waits until they are gone. A pod that its budget holds is asked for again until the drain's time
 * is over; then policy `force` deletes it.
 * @returns what was evicted, also in an earlier attempt of this turn, kept in the notes under `key`
 * @throws BlockedError naming the pods and what holds them (TRAPS 31)
 */
export async function evictPods(scope: RebootScope, key: string, choose: Choice): Promise<readonly Evicted[]> {
    const { host, ports, settings } = scope;
    const end = ports.clock.now().getTime() + settings.deadlines.drain.milliseconds;
    for (;;) {
        const pods = (await ports.pods.evictable([host.name])).filter(choose);
        if (pods.length === 0) return evictedBefore(scope, key);
        await remember(scope, key, pods);
        await evictAll(scope, pods, end);
        await awaitGone(scope, pods);
    }
}

/** What is known of an evicted pod after it is gone. */
export type Evicted = Pick<EvictablePod, "namespace" | "name" | "owner">;

/** Pods that this turn has evicted under a key, from the notes. */
export function evictedBefore({ notes }: RebootScope, key: string): readonly Evicted[] {
    return JSON.parse(notes.read(key) ?? "[]") as Evicted[];
}

/** Written first: after a crash nobody could tell what was evicted. */
async function remember(scope: RebootScope, key: string, pods: readonly EvictablePod[]): Promise<void> {
    const known = evictedBefore(scope, key);
    const isNew = (pod: EvictablePod) => !known.some((old) => old.namespace === pod.namespace && old.name === pod.name);
    const added = pods.filter(isNew).map(({ namespace, name, owner }) => ({ namespace, name, owner }));
    if (added.length > 0) await scope.notes.write(key, JSON.stringify([...known, ...added]));
}

async function evictAll(scope: RebootScope, pods: readonly EvictablePod[], end: number): Promise<void> {
    const limit = pLimit(CONCURRENCY);
    const results = await Promise.all(pods.map((pod) => evictOne(scope, pod, end, limit)));
    const blocked = pods.flatMap((pod, index) => {
        const result = results[index];
        return result?.kind === "blocked" ? [{ pod, result }] : [];
    });
    if (blocked.length === 0) return;
    if (scope.settings.policy !== "force") {
        throw new BlockedError(
            `reboot of ${scope.host.name}`,
            blocked.map(({ pod, result }) => describe(pod, result)),
            "scale the workload up, loosen its budget or delete the pod, then run again",
        );
    }
    for (const { pod, result } of blocked) {
        scope.progress.warn(`deleted, although ${describe(pod, result)}`);
        await scope.ports.pods.delete(pod);
    }
}

async function evictOne(
    { ports, progress }: RebootScope,
    pod: EvictablePod,
    end: number,
    limit: ReturnType<typeof pLimit>,
): Promise<EvictionResult> {
    for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MILLISECONDS)) {
        const result = await limit(() => ports.pods.evict(pod, { dryRun: false }));
        if (result.kind !== "blocked" || ports.clock.now().getTime() + pause > end) return result;
        progress.report(describe(pod, result));
        await ports.clock.pause(pause);
    }
}

type Blocked = Extract<EvictionResult, { kind: "blocked" }>;

function describe({ namespace, name }: EvictablePod, { budget, reason }: Blocked): string {
    const holder = budget === "" ? "cannot be evicted" : `is held by PodDisruptionBudget ${budget}`;
    return `pod ${namespace}/${name} ${holder} (${reason})`;
}

async function awaitGone(scope: RebootScope, pods: readonly EvictablePod[]): Promise<void> {
    const { host, ports, settings } = scope;
    const uids = new Set(pods.map(({ uid }) => uid));
    await orBlocked(scope, "look why they do not end (`kubectl describe pod`), then run again", () =>
        awaitNothingLeft(scope, {
            what: `the evicted pods to leave ${host.name}`,
            deadline: settings.deadlines.drain,
            missing: async () => {
                const left = (await ports.pods.evictable([host.name])).filter(({ uid }) => uids.has(uid));
                return left.map(({ namespace, name }) => `pod ${namespace}/${name} is ending`);
            },
        }),
    );
}

/**
 * A wait whose deadline puts the host back as it was, because that may help the pods; policy `force` goes on.
 * @param next what to do, for the person
 */
export async function orBlocked(scope: RebootScope, next: string, wait: () => Promise<void>): Promise<void> {
    try {
        await wait();
    } catch (error) {
        if (!(error instanceof DeadlineError)) throw error;
        if (scope.settings.policy !== "force")
            throw new BlockedError(`reboot of ${scope.host.name}`, [error.message], next);
        scope.progress.warn(error.message);
    }
}
