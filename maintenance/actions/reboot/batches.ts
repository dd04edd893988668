import { oneIngressAtATime } from "./balancerRules";
import type { Rule } from "./objection";
import { budgetsCoverTheBatch, capacityIsEnough } from "./podRules";
import type { RebootFacts } from "./rebootFacts";

/** What speaks against going together; what speaks against going at all is judged elsewhere. */
const TOGETHER: readonly Rule[] = [oneIngressAtATime, budgetsCoverTheBatch, capacityIsEnough];

/** Workers in groups that may go at the same time, in the given order. Pure. */
export function batches(
    workers: readonly string[],
    facts: RebootFacts,
    { maxParallelWorkers, runId }: { readonly maxParallelWorkers: number; readonly runId: string },
): string[][] {
    const fits = (hosts: readonly string[]) =>
        TOGETHER.every((rule) => rule({ facts, runId, going: hosts }).length === 0);
    const groups: string[][] = [];
    for (const worker of workers) {
        const group = groups.at(-1);
        if (group !== undefined && group.length < maxParallelWorkers && fits([...group, worker])) group.push(worker);
        else groups.push([worker]);
    }
    return groups;
}
