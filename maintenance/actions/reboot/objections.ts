import {
    addressHasOneOwner,
    anotherBalancerServes,
    balancersAnswer,
    balancersAreAsDeclared,
    leavingServersAreReady,
    oneIngressAtATime,
    otherServersAreUp,
} from "./balancerRules";
import { etcdIsWhole, quorumIsKept } from "./etcdRules";
import { hostsAnswer, leavingNodesAreReady, nobodyElseWorks, nodesAreReady } from "./nodeRules";
import type { GateView, Objection, Rule } from "./objection";
import { budgetsCoverTheBatch, capacityIsEnough, evictionsAreAllowed, waitsCanEnd } from "./podRules";
import type { RebootFacts } from "./rebootFacts";

/** What keeps the cluster whole, from the ground up. */
const CLUSTER_RULES: readonly Rule[] = [
    hostsAnswer,
    etcdIsWhole,
    quorumIsKept,
    nodesAreReady,
    nobodyElseWorks,
    balancersAnswer,
    balancersAreAsDeclared,
    addressHasOneOwner,
    anotherBalancerServes,
    otherServersAreUp,
    oneIngressAtATime,
];

/** What the pods of the hosts need. Budgets move while a drain goes on, so these are asked before it only. */
const POD_RULES: readonly Rule[] = [evictionsAreAllowed, waitsCanEnd, budgetsCoverTheBatch, capacityIsEnough];

/** What must hold when nobody is away, whoever else works on the cluster. */
const HEALTH_RULES: readonly Rule[] = [
    hostsAnswer,
    etcdIsWhole,
    nodesAreReady,
    balancersAnswer,
    addressHasOneOwner,
    otherServersAreUp,
];

/** Every reason against beginning with these hosts. Pure. */
export function objections(view: GateView): Objection[] {
    return unique([...CLUSTER_RULES, leavingNodesAreReady, leavingServersAreReady, ...POD_RULES], view);
}

/** The reasons that hold whatever pods are where, also for a host that is already on its way out. */
export function clusterObjections(view: GateView): Objection[] {
    return unique(CLUSTER_RULES, view);
}

/** What is not well though nobody is away. */
export function healthObjections(facts: RebootFacts, runId: string): Objection[] {
    return unique(HEALTH_RULES, { facts, runId, going: [] });
}

function unique(rules: readonly Rule[], view: GateView): Objection[] {
    return [...new Set(rules.flatMap((rule) => rule(view)))];
}
