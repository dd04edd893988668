import pLimit from "p-limit";
import type { EvictablePod, EvictedPod, EvictionResult } from "../../actions/reboot/rebootPorts";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import { BlockedError } from "../../workflow/blockedError";
import { DeadlineError } from "../../workflow/until";
import { awaitNothingLeft } from "./awaitNothingLeft";
import { evictedBefore, remember, type EvictionNote } from "./evictedPods";

/** Enough to be quick on a full node, few enough not to be a burden to the API server. */
const CONCURRENCY = 10;
/** A budget frees itself when a replacement is ready; asking often costs little, waiting costs the host's time. */
const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 2000;

/** Tells of the pods which of them a step takes. */
export type Choice = (pod: EvictablePod) => boolean;

/**
 * Evicts the chosen pods and waits until they are gone. A pod that its budget holds is asked for again until the drain's time
 * is over; then policy `force` deletes it. So is what comes to the host meanwhile; with `force` it then stays. What is evicted
 * is kept in the notes under `note`.
 * @returns pods that have come back and stay, because they tolerate the cordon
 * @throws BlockedError naming the pods and what holds them (TRAPS 31)
 */
export async function evictPods(
    scope: RebootScope,
    note: EvictionNote,
    choose: Choice,
): Promise<readonly EvictablePod[]> {
    const { host, ports, settings } = scope;
    const end = ports.clock.monotonic() + settings.deadlines.drain.milliseconds;
    for (let isFirst = true; ; isFirst = false) {
        const pods = (await ports.pods.evictable([host.name])).filter(choose);
        const back = pods.filter((pod) => isBack(scope, pod));
        const leaving = pods.filter((pod) => !back.includes(pod));
        if (leaving.length === 0) return back;
        if (!isFirst) {
            if (ports.clock.monotonic() + LONGEST_PAUSE_MILLISECONDS > end) {
                giveUp(scope, leaving);
                return back;
            }
            await ports.clock.pause(LONGEST_PAUSE_MILLISECONDS);
        }
        await remember(scope, note, leaving);
        await evictAll(scope, leaving, end);
        await awaitGone(scope, leaving);
    }
}

/**
 * Whether an eviction was in vain. A pod that tolerates every taint may come back to the cordoned node as often as it is
 * evicted (cilium/cilium#28549, tigera/operator#2537), and so says that it belongs there, as a DaemonSet's pod does.
 */
export function isBack(scope: RebootScope, { namespace, owner, uid, toleratesCordon }: EvictablePod): boolean {
    if (!toleratesCordon || owner === "") return false;
    const evicted = evictedBefore(scope);
    const isSibling = (old: EvictedPod) => old.namespace === namespace && old.owner === owner;
    return evicted.some(isSibling) && !evicted.some((old) => old.uid === uid);
}

/** Of pods that were evicted before, and do not end, `awaitGone` has told already. */
function giveUp(scope: RebootScope, pods: readonly EvictablePod[]): void {
    const { host, settings, progress } = scope;
    const known = new Set(evictedBefore(scope).map(({ uid }) => uid));
    const came = pods
        .filter(({ uid }) => !known.has(uid))
        .map(({ namespace, name }) => `pod ${namespace}/${name} came to ${host.name} after it was cordoned`);
    if (came.length === 0) return;
    if (settings.policy !== "force") {
        const next = "look what puts it there (a node name in its template, `kubectl uncordon`), then run again";
        throw new BlockedError(`reboot of ${host.name}`, came, next);
    }
    progress.warn(`goes on, although ${came.join("; ")}`);
}

type Blocked = Extract<EvictionResult, { kind: "blocked" }>;

async function evictAll(scope: RebootScope, pods: readonly EvictablePod[], end: number): Promise<void> {
    const blocked = await blockedOf(scope, pods, end);
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

/** Evicts side by side. After a failure none is begun any more, and none is under way when it is thrown. */
async function blockedOf(
    scope: RebootScope,
    pods: readonly EvictablePod[],
    end: number,
): Promise<{ readonly pod: EvictablePod; readonly result: Blocked }[]> {
    const limit = pLimit(CONCURRENCY);
    const failure = new AbortController();
    const evict = (pod: EvictablePod) =>
        limit(() => {
            failure.signal.throwIfAborted();
            return scope.ports.pods.evict(pod, { dryRun: false });
        });
    const results = await Promise.all(
        pods.map(async (pod) => {
            try {
                return { pod, result: await evictOne(scope, pod, end, evict) };
            } catch (error) {
                failure.abort(error);
                return undefined;
            }
        }),
    );
    failure.signal.throwIfAborted();
    return results.flatMap((ended) =>
        ended?.result.kind === "blocked" ? [{ pod: ended.pod, result: ended.result }] : [],
    );
}

/** Asks until it is granted or the time is over, and tells each new reason why it is not. */
async function evictOne(
    { ports, progress }: RebootScope,
    pod: EvictablePod,
    end: number,
    evict: (pod: EvictablePod) => Promise<EvictionResult>,
): Promise<EvictionResult> {
    let told = "";
    for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MILLISECONDS)) {
        const result = await evict(pod);
        if (result.kind !== "blocked" || ports.clock.monotonic() + pause > end) return result;
        const why = describe(pod, result);
        if (why !== told) progress.report(why);
        told = why;
        await ports.clock.pause(pause);
    }
}

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
