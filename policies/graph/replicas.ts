import type { GraphResource, Typed } from "./resource";
import { refersTo } from "./selectors";
import { at, count } from "./value";
import { type Workload, namespaceOf } from "./workloads";

const AUTOSCALER = /^kubernetes:autoscaling\/v[12]:HorizontalPodAutoscaler$/;

/** The fewest replicas that a workload has, and who says so. */
export interface Replicas {
    /** Undefined while unknown. */
    readonly least: number | undefined;
    /** The autoscaler that decides, in place of the workload's own number. */
    readonly autoscaler: GraphResource | undefined;
}

/** A HorizontalPodAutoscaler. */
export function isAutoscaler({ type }: Typed): boolean {
    return AUTOSCALER.test(type);
}

/** The fewest that an autoscaler keeps; Kubernetes takes 1 where nothing is said. */
export function autoscalerMinimum(autoscaler: GraphResource): number | undefined {
    return count(at(autoscaler.properties, "spec", "minReplicas"), 1);
}

/** What a workload has at least: its autoscaler's minimum, else its own number; 1 where nothing is said. */
export function replicasOf(workload: Workload, resources: readonly GraphResource[]): Replicas {
    const autoscalers = resources.filter(isAutoscaler).map((autoscaler) => ({
        autoscaler,
        match: refersTo(at(autoscaler.properties, "spec", "scaleTargetRef"), namespaceOf(autoscaler), workload),
    }));
    const decides = autoscalers.find(({ match }) => match === "yes")?.autoscaler;
    if (decides !== undefined) return { least: autoscalerMinimum(decides), autoscaler: decides };
    const undecided = autoscalers.some(({ match }) => match === "maybe");
    const own = count(at(workload.resource.properties, "spec", "replicas"), 1);
    return { least: undecided ? undefined : own, autoscaler: undefined };
}
