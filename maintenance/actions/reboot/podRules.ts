import type { EvictablePod, Resources } from "./rebootPorts";
import { stays, type GateView, type Rule } from "./objection";

/** No budget would block an eviction, by the API server's own word (TRAPS 31). */
export const evictionsAreAllowed: Rule = (view) =>
    view.facts.blocked
        .filter(({ pod }) => !stays(view, pod.node))
        .map(({ pod, budget, reason }) =>
            budget === ""
                ? `pod ${pod.namespace}/${pod.name} on ${pod.node} cannot be evicted (${reason}): mend what blocks it`
                : `budget ${budget} blocks pod ${pod.namespace}/${pod.name} on ${pod.node} (${reason}): run more replicas, or let the budget allow one disruption`,
        );

/** What a host's drain or its way back waits for is there before, or the wait would be in vain (TRAPS 32, 64). */
export const waitsCanEnd: Rule = (view) =>
    Object.entries(view.facts.unwell)
        .filter(([host]) => !stays(view, host))
        .flatMap(([host, found]) =>
            found.map((what) => `${what}, and the reboot of ${host} would wait for that: mend it first`),
        );

/** Hosts that go together take no more pods of a budget than it allows at once. */
export const budgetsCoverTheBatch: Rule = (view) => {
    if (view.going.length < 2) return [];
    const leaving = new Set(leavingPods(view).map(({ uid }) => uid));
    return view.facts.budgets
        .map((budget) => ({ ...budget, taken: budget.pods.filter((uid) => leaving.has(uid)).length }))
        .filter(({ taken, disruptionsAllowed }) => taken > 1 && taken > disruptionsAllowed)
        .map(
            ({ namespace, name, taken, disruptionsAllowed }) =>
                `budget ${namespace}/${name} allows ${disruptionsAllowed} of the ${taken} pods on ${view.going.join(" and ")}: reboot them one after the other`,
        );
};

/** What the leaving pods ask for fits onto the nodes that stay: by sums, and each pod by itself (TRAPS 34). */
export const capacityIsEnough: Rule = (view) => {
    const pods = leavingPods(view);
    if (pods.length === 0) return [];
    const free = freeElsewhere(view);
    const needed = sum(pods.map(({ requests }) => requests));
    const total = sum(free);
    const names = view.going.join(" and ");
    const short = (["cpu", "memory"] as const).filter((kind) => needed[kind] > total[kind]);
    const stuck = pods.find(({ requests }) => !free.some((room) => fits(requests, room)));
    return [
        ...short.map(
            (kind) =>
                `the pods on ${names} ask for ${inWords(kind, needed[kind])} and the other nodes have ${inWords(kind, total[kind])} free: add a worker, or lower requests`,
        ),
        ...(short.length === 0 && stuck !== undefined
            ? [
                  `pod ${stuck.namespace}/${stuck.name} of ${stuck.node} fits onto no other node: add a worker, or lower its requests`,
              ]
            : []),
    ];
};

function leavingPods(view: GateView): EvictablePod[] {
    return view.facts.pods.filter(({ node }) => !stays(view, node));
}

/**
 * Room on nodes of workers; on control planes only where the one worker goes that there is: they are tainted as a rule, so
 * all workers never go together. Other taints are not judged: a sum that fits may
 * still not schedule, and then the drain's gate says so.
 */
function freeElsewhere(view: GateView): Resources[] {
    const { inventory, nodes } = view.facts;
    const workers = new Set(inventory.hosts.filter(({ role }) => role === "worker").map(({ name }) => name));
    const open = nodes.filter(({ name, ready, cordoned }) => ready && !cordoned && stays(view, name));
    const preferred = open.filter(({ name }) => workers.has(name));
    return (preferred.length > 0 || view.going.length > 1 ? preferred : open).map(({ allocatable, requested }) => ({
        cpu: Math.max(0, allocatable.cpu - requested.cpu),
        memory: Math.max(0, allocatable.memory - requested.memory),
    }));
}

function sum(all: readonly Resources[]): Resources {
    return all.reduce((left, right) => ({ cpu: left.cpu + right.cpu, memory: left.memory + right.memory }), {
        cpu: 0,
        memory: 0,
    });
}

function fits(wanted: Resources, room: Resources): boolean {
    return wanted.cpu <= room.cpu && wanted.memory <= room.memory;
}

function inWords(kind: keyof Resources, value: number): string {
    return kind === "cpu" ? `${(value / 1000).toFixed(1)} CPU` : `${(value / 2 ** 30).toFixed(1)} GiB of memory`;
}
