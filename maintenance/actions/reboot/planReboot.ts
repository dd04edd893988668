import type { InventoryHost } from "../../../model/inventory";
import { unawaitedPods } from "./awaitedOwners";
import { batches } from "./batches";
import { ingressIsProven } from "./ingressRules";
import { objections } from "./objections";
import { waitsCanEnd } from "./podRules";
import type { RebootFacts } from "./rebootFacts";
import type { RebootPlan, RebootStep } from "./rebootPlan";
import type { DrainPolicy } from "./rebootScope";

/** Who is meant. Empty lists mean all. */
export interface RebootSelection {
    readonly hosts: readonly string[];
    readonly roles: readonly InventoryHost["role"][];
    readonly onlyRequired: boolean;
}

export interface PlanOptions {
    readonly selection: RebootSelection;
    /** At least 1; budgets and capacity may allow fewer. */
    readonly maxParallelWorkers: number;
    readonly policy: DrainPolicy;
    readonly runId: string;
}

/** A plan, or every reason why there is none. */
export type Planned =
    | { readonly kind: "plan"; readonly plan: RebootPlan; readonly warnings: readonly string[] }
    | { readonly kind: "refused"; readonly objections: readonly string[] };

/**
 * Decides who is rebooted in which order: workers, control planes with etcd's leader last, load balancers with the
 * address's owner last (TRAPS 3). Refuses when any step would not be safe as the cluster stands. Pure.
 */
export function planReboot(facts: RebootFacts, options: PlanOptions): Planned {
    const { wanted, skipped } = selected(facts, options);
    const steps = ordered(wanted, facts, options);
    const { policy, runId } = options;
    const view = { facts: judged(facts, policy), runId };
    const found = steps.flatMap(({ hosts }) => objections({ ...view, going: hosts }));
    if (found.length > 0) return { kind: "refused", objections: [...new Set(found)] };
    const going = steps.flatMap(({ hosts }) => hosts);
    const warnings = [
        ...(policy === "force" ? waitsCanEnd({ facts, runId, going }) : []),
        ...ingressIsProven({ facts, runId, going }),
        ...unawaitedPods({ facts, runId, going }),
    ];
    return { kind: "plan", plan: { steps, skipped }, warnings };
}

/**
 * With `force`, blocked pods are deleted in the end, so they are no reason against; nor is what is unwell, which the reboot
 * may be meant to cure.
 */
function judged(facts: RebootFacts, policy: DrainPolicy): RebootFacts {
    return policy === "force" ? { ...facts, blocked: [], unwell: {} } : facts;
}

function selected(facts: RebootFacts, { selection, policy }: PlanOptions) {
    const { hosts, roles, onlyRequired } = selection;
    const meant = facts.inventory.hosts.filter(
        ({ name, role }) =>
            (hosts.length === 0 || hosts.includes(name)) && (roles.length === 0 || roles.includes(role)),
    );
    const reasonToSkip = ({ name }: InventoryHost): string | undefined => {
        if (onlyRequired && !mayNeedReboot(facts, name)) return "needs no reboot";
        if (policy !== "skip") return undefined;
        const [blocked] = facts.blocked.filter(({ pod }) => pod.node === name);
        if (blocked === undefined) return facts.unwell[name]?.join("; ");
        return `${blocked.budget || "something"} blocks pod ${blocked.pod.namespace}/${blocked.pod.name}`;
    };
    const sorted = meant.map((host) => ({ host, why: reasonToSkip(host) }));
    return {
        wanted: sorted.filter(({ why }) => why === undefined).map(({ host }) => host),
        skipped: sorted.flatMap(({ host, why }) => (why === undefined ? [] : [{ host: host.name, why }])),
    };
}

/** Of one that could not be asked nobody knows, so it is a reason to refuse. */
function mayNeedReboot({ rebootRequired, unreachable }: RebootFacts, host: string): boolean {
    return rebootRequired.includes(host) || host in unreachable;
}

function ordered(wanted: readonly InventoryHost[], facts: RebootFacts, options: PlanOptions): RebootStep[] {
    const named = (role: InventoryHost["role"]) => wanted.filter((host) => host.role === role).map(({ name }) => name);
    const leader = typeof facts.etcd === "string" ? undefined : facts.etcd.leader;
    const oneByOne = (role: InventoryHost["role"], last: string | undefined) =>
        atTheEnd(named(role), last).map((name) => ({ role, hosts: [name] }));
    return [
        ...batches(named("worker"), facts, options).map((hosts) => ({ role: "worker" as const, hosts })),
        ...oneByOne("control-plane", leader),
        ...oneByOne("load-balancer", facts.addressOwner),
    ];
}

function atTheEnd(names: readonly string[], last: string | undefined): string[] {
    return [...names.filter((name) => name !== last), ...names.filter((name) => name === last)];
}
