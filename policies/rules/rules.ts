import { apiReadiness } from "./apiReadiness";
import { autoscalerMinimum } from "./autoscalerMinimum";
import { budgetAllowsEviction } from "./budgetAllowsEviction";
import { budgetOverlap } from "./budgetOverlap";
import { budgetPresent } from "./budgetPresent";
import { budgetUnhealthyPods } from "./budgetUnhealthyPods";
import { commandSecrets } from "./commandSecrets";
import { deleteWithTriggers } from "./deleteWithTriggers";
import { etcdProtected } from "./etcdProtected";
import { hostKeyPinned } from "./hostKeyPinned";
import { imageTag } from "./imageTag";
import { ingressReplicas } from "./ingressReplicas";
import { livenessPatience } from "./livenessPatience";
import { oddEtcd } from "./oddEtcd";
import { preStop } from "./preStop";
import { preStopFitsGrace } from "./preStopFitsGrace";
import { readinessProbe } from "./readinessProbe";
import { replicas } from "./replicas";
import { requestsAndLimits } from "./requestsAndLimits";
import type { Rule } from "./rule";
import { selectorMatches } from "./selectorMatches";
import { shutdownOutlastsChecks } from "./shutdownOutlastsChecks";
import { spreadOverNodes } from "./spreadOverNodes";
import { twoLoadBalancers } from "./twoLoadBalancers";

/** Every rule of the pack: first the cluster from the ground up, then what runs on it. */
export const RULES: readonly Rule[] = [
    hostKeyPinned,
    commandSecrets,
    deleteWithTriggers,
    etcdProtected,
    oddEtcd,
    twoLoadBalancers,
    apiReadiness,
    shutdownOutlastsChecks,
    imageTag,
    readinessProbe,
    livenessPatience,
    preStop,
    preStopFitsGrace,
    requestsAndLimits,
    replicas,
    ingressReplicas,
    autoscalerMinimum,
    spreadOverNodes,
    budgetPresent,
    budgetAllowsEviction,
    budgetOverlap,
    budgetUnhealthyPods,
    selectorMatches,
];
