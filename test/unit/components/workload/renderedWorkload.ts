import { parseWorkload } from "../../../../components/workload/workloadArgs";
import { workloadObjects } from "../../../../components/workload/workloadObjects";
import { type Changeable, workloadArgs } from "./sampleArgs";

type Change = (args: Changeable) => void;

/** The objects of the sample workload after a change of its arguments. */
export function objects(change: Change = () => undefined): Changeable {
    const args = workloadArgs();
    change(args);
    return workloadObjects(parseWorkload("shop", args));
}

/** Its pods. */
export const pod = (change?: Change): Changeable => objects(change).deployment.spec.template.spec;

/** Their only container. */
export const container = (change?: Change): Changeable => pod(change).containers[0];
