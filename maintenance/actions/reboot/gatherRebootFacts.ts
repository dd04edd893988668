import pLimit from "p-limit";
import { Duration } from "../../../model/duration";
import type { ClusterInventory } from "../../../model/inventory";
import { errorLine } from "../../workflow/errorLine";
import { DeadlineError, until } from "../../workflow/until";
import type { BlockedPod, RebootFacts } from "./rebootFacts";
import type { BudgetView, EvictablePod, RebootPorts } from "./rebootPorts";

/** Questions under way at once, per kind: hundreds of hosts must not cost the API server or this machine its breath. */
const PARALLEL = 20;
/** A pod that is just being replaced is ready after this time. */
const SETTLING = Duration.seconds(30);

export interface FactsWanted {
    /** Nodes whose pods would be evicted. */
    readonly drained: readonly string[];
    /** Hosts that are asked whether they need a reboot. */
    readonly sentinelOf: readonly string[];
    /** Hosts that are known to be down because of us. */
    readonly underWay: readonly string[];
    /** Given before a plan: it is asked, too, what the drained nodes would wait for in vain, and told while that may pass. */
    readonly beforePlan?: { readonly report: (line: string) => void };
}

/**
 * Asks everything that plan and gates judge; changes nothing. What does not answer becomes a fact.
 * @throws when the Kubernetes API or the balancers' state cannot be read at all
 */
export async function gatherRebootFacts(
    inventory: ClusterInventory,
    ports: RebootPorts,
    { drained, sentinelOf, underWay, beforePlan }: FactsWanted,
): Promise<RebootFacts> {
    const asked = inventory.hosts.map(({ name }) => name).filter((name) => !underWay.includes(name));
    const [boots, sentinels, nodes, etcd, balancers, addressOwner] = await Promise.all([
        askEach(asked, (name) => ports.hosts.bootId(name)),
        askEach(sentinelOf, (name) => ports.hosts.rebootRequired(name)),
        ports.nodes.list(),
        ports.etcd.view().catch(errorLine),
        ports.balancers.observe(),
        ports.virtualAddress.owner(),
    ]);
    // What is short where a node is down is its consequence, and the node is told.
    const settling = nodes.every(({ ready }) => ready) ? beforePlan : undefined;
    const unwell = settling === undefined ? {} : await unwellLastingly(drained, ports, settling);
    const podFacts = await askPods(drained, ports);
    const proofs = inventory.hosts.some(({ name, ingress }) => ingress && drained.includes(name));
    const ingressDoubt = beforePlan && proofs ? await ports.hosts.ingressDoubt().catch(errorLine) : "";
    const unreachable = { ...sentinels.failed, ...boots.failed };
    const rebootRequired = sentinelOf.filter((name) => sentinels.answers[name] === true);
    return {
        inventory,
        unreachable,
        rebootRequired,
        bootIds: boots.answers,
        nodes,
        etcd,
        balancers,
        addressOwner,
        ...podFacts,
        unwell,
        ingressDoubt,
    };
}

/** Asked after the wait for pods that are not ready: a budget blocks as long as it is short of one. */
async function askPods(drained: readonly string[], ports: RebootPorts) {
    if (drained.length === 0) return { pods: [], budgets: [], blocked: [] };
    const [pods, budgets] = await Promise.all([ports.pods.evictable(drained), ports.pods.budgets()]);
    return { pods, budgets, blocked: await blockedPods(pods, budgets, ports) };
}

interface Answers<T> {
    readonly answers: Readonly<Record<string, T>>;
    /** Hosts that could not be asked, with the reason. */
    readonly failed: Readonly<Record<string, string>>;
}

async function askEach<T>(hosts: readonly string[], ask: (host: string) => Promise<T>): Promise<Answers<T>> {
    const limit = pLimit(PARALLEL);
    const answers: Record<string, T> = {};
    const failed: Record<string, string> = {};
    const asking = hosts.map((name) =>
        limit(async () => {
            try {
                answers[name] = await ask(name);
            } catch (error) {
                failed[name] = errorLine(error);
            }
        }),
    );
    await Promise.all(asking);
    return { answers, failed };
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

/** Own pods of a node that are not ready, and owners of its other pods that are short of some already. */
async function unwellHosts(drained: readonly string[], ports: RebootPorts): Promise<Unwell> {
    const pods = await ports.pods.evictable(drained);
    const limit = pLimit(PARALLEL);
    const key = ({ namespace, owner }: EvictablePod) => `${namespace}/${owner}`;
    const owners = [...new Map(pods.map((pod) => [key(pod), pod]))];
    const shortages = owners.map(([name, { namespace, name: pod, owner }]) =>
        // Without a uid its endpoints, which it still has, are no matter.
        limit(async () => [name, await ports.pods.unsettled([{ namespace, name: pod, owner }])] as const),
    );
    const short = new Map(await Promise.all(shortages));
    const hosts = drained.map((host) =>
        limit(async () => {
            const unready = await ports.nodes.unreadyWork(host);
            const here = new Set(pods.filter(({ node }) => node === host).map(key));
            return [host, [...unready, ...[...here].flatMap((owner) => short.get(owner) ?? [])]] as const;
        }),
    );
    return Object.fromEntries((await Promise.all(hosts)).filter(([, found]) => found.length > 0));
}

type Unwell = Readonly<Record<string, readonly string[]>>;

/** What of it does not pass by itself. */
async function unwellLastingly(
    drained: readonly string[],
    ports: RebootPorts,
    { report }: { readonly report: (line: string) => void },
): Promise<Unwell> {
    let found: Unwell = {};
    try {
        await until({
            what: "all pods to be ready",
            deadline: SETTLING,
            clock: ports.clock,
            observe: async () => (found = await unwellHosts(drained, ports)),
            satisfied: (seen) => Object.keys(seen).length === 0,
            describe: (seen) => [...new Set(Object.values(seen).flat())].join("; "),
            report,
        });
    } catch (error) {
        if (!(error instanceof DeadlineError)) throw error;
    }
    return found;
}
