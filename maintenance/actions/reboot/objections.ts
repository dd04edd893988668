import {
    anotherBalancerServes,
    balancersAnswer,
    leavingServersAreReady,
    oneIngressAtATime,
    otherServersAreUp,
} from "./balancerRules";
import { etcdIsWhole, quorumIsKept } from "./etcdRules";
import { hostsAnswer, leavingNodesAreReady, nobodyElseWorks, nodesAreReady } from "./nodeRules";
import type { GateView, Objection, Rule } from "./objection";
import { budgetsCoverTheBatch, capacityIsEnough, evictionsAreAllowed, waitsCanEnd } from "./podRules";

/** What keeps the cluster whole, from the ground up. */
const CLUSTER_RULES: readonly Rule[] = [
    hostsAnswer,
    etcdIsWhole,
    quorumIsKept,
    nodesAreReady,
    nobodyElseWorks,
    balancersAnswer,
    anotherBalancerServes,
    otherServersAreUp,
    oneIngressAtATime,
];

/** What the pods of the hosts need. Budgets move while a drain goes on, so these are asked before it only. */
const POD_RULES: readonly Rule[] = [evictionsAreAllowed, waitsCanEnd, budgetsCoverTheBatch, capacityIsEnough];

/** Every reason against beginning with these hosts. Pure. */
export function objections(view: GateView): Objection[] {
    return unique([...CLUSTER_RULES, leavingNodesAreReady, leavingServersAreReady, ...POD_RULES], view);
}

/** The reasons that hold whatever pods are where, also for a host that is already on its way out. */
export function clusterObjections(view: GateView): Objection[] {
    return unique(CLUSTER_RULES, view);
}

function unique(rules: readonly Rule[], view: GateView): Objection[] {
    return [...new Set(rules.flatMap((rule) => rule(view)))];
}
