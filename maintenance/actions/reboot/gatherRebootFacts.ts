import pLimit from "p-limit";
import type { ClusterInventory } from "../../../model/inventory";
import { errorLine } from "../../workflow/errorLine";
import type { BlockedPod, RebootFacts } from "./rebootFacts";
import type { BudgetView, EvictablePod, RebootPorts } from "./rebootPorts";

/** Questions under way at once, per kind: hundreds of hosts must not cost the API server or this machine its breath. */
const PARALLEL = 20;

export interface FactsWanted {
    /** Nodes whose pods would be evicted. */
    readonly drained: readonly string[];
    /** Hosts that are asked whether they need a reboot. */
    readonly sentinelOf: readonly string[];
    /** Hosts that are known to be down because of us. */
    readonly underWay: readonly string[];
}

/**
 * Asks everything that plan and gates judge; changes nothing. What does not answer becomes a fact.
 * @throws when the Kubernetes API or the balancers' state cannot be read at all
 */
export async function gatherRebootFacts(
    inventory: ClusterInventory,
    ports: RebootPorts,
    { drained, sentinelOf, underWay }: FactsWanted,
): Promise<RebootFacts> {
    const asked = inventory.hosts.map(({ name }) => name).filter((name) => !underWay.includes(name));
    const [unreachable, rebootRequired, nodes, etcd, balancers, addressOwner, pods, budgets] = await Promise.all([
        unreachableHosts(asked, ports),
        hostsWithSentinel(sentinelOf, ports),
        ports.nodes.list(),
        ports.etcd.view().catch(errorLine),
        ports.balancers.observe(),
        ports.virtualAddress.owner(),
        drained.length === 0 ? [] : ports.pods.evictable(drained),
        drained.length === 0 ? [] : ports.pods.budgets(),
    ]);
    const blocked = await blockedPods(pods, budgets, ports);
    return { inventory, unreachable, rebootRequired, nodes, etcd, balancers, addressOwner, pods, budgets, blocked };
}

async function unreachableHosts(hosts: readonly string[], ports: RebootPorts): Promise<Record<string, string>> {
    const limit = pLimit(PARALLEL);
    const answers = await Promise.all(
        hosts.map((name) =>
            limit(async () => {
                try {
                    await ports.hosts.bootId(name);
                    return [];
                } catch (error) {
                    return [[name, errorLine(error)] as const];
                }
            }),
        ),
    );
    return Object.fromEntries(answers.flat());
}

/** A host that cannot be asked is unreachable, which is said elsewhere. */
async function hostsWithSentinel(hosts: readonly string[], ports: RebootPorts): Promise<string[]> {
    const limit = pLimit(PARALLEL);
    const answers = await Promise.all(
        hosts.map((name) =>
            limit(async () => ((await ports.hosts.rebootRequired(name).catch(() => false)) ? [name] : [])),
        ),
    );
    return answers.flat();
}

/** Only pods with a budget can be blocked for long, so only they are tried. */
async function blockedPods(
    pods: readonly EvictablePod[],
    budgets: readonly BudgetView[],
    ports: RebootPorts,
): Promise<BlockedPod[]> {
    const guarded = new Set(budgets.flatMap((budget) => budget.pods));
    const limit = pLimit(PARALLEL);
    const results = await Promise.all(
        pods
            .filter(({ uid }) => guarded.has(uid))
            .map((pod) => limit(async () => ({ pod, result: await ports.pods.evict(pod, { dryRun: true }) }))),
    );
    return results.flatMap(({ pod, result }) =>
        result.kind === "blocked" ? [{ pod, budget: result.budget, reason: result.reason }] : [],
    );
}
