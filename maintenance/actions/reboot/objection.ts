import type { RebootFacts } from "./rebootFacts";

/** What the rules judge. */
export interface GateView {
    readonly facts: RebootFacts;
    readonly runId: string;
    /** Hosts that would be out at the same time, by our hand. */
    readonly going: readonly string[];
}

/** A reason against taking hosts out, as one sentence part: what is wrong, and what to do. */
export type Objection = string;

/** Pure: a rule finds its objections in the view alone. */
export type Rule = (view: GateView) => readonly Objection[];

/** Whether a host stays while the others go. */
export function stays({ going }: GateView, host: string): boolean {
    return !going.includes(host);
}
