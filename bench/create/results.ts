import type { Preparation } from "./preparation";
import { type Summary, median, summarise } from "./statistics";
import type { Creation } from "./stopwatch";

/** The two ways of creating a cluster, in the order in which each round does them. */
export const ways = ["kubeadm", "quorate"] as const;
export type Way = (typeof ways)[number];

/** One round: each way once. */
export type Round = Readonly<Record<Way, Creation & { readonly preparation: Preparation }>>;

/** quorate's time may be this part of kubeadm's (TARGETS). */
export const TARGET_RATIO = 0.5;

/** One phase over all rounds, in seconds. */
export interface PhaseResult extends Summary {
    readonly name: string;
    /** Median of when it began. */
    readonly startsAt: number;
    /** By round; null where the phase did not happen. */
    readonly seconds: readonly (number | null)[];
}

/** One way over all rounds, in seconds. */
export interface WayResult extends Summary {
    readonly seconds: readonly number[];
    readonly phases: readonly PhaseResult[];
    /** Not part of the time. */
    readonly preparation: { readonly hosts: Summary; readonly components: Summary };
}

/** What the bench found. */
export interface Results extends Readonly<Record<Way, WayResult>> {
    readonly rounds: number;
    /** quorate's median over kubeadm's. */
    readonly ratio: number;
    readonly targetRatio: number;
}

/** Medians, spreads and the ratio. @throws RangeError without rounds */
export function evaluate(rounds: readonly Round[]): Results {
    const kubeadm = evaluateWay(rounds.map((round) => round.kubeadm));
    const quorate = evaluateWay(rounds.map((round) => round.quorate));
    const ratio = quorate.median / kubeadm.median;
    return { rounds: rounds.length, ratio, targetRatio: TARGET_RATIO, kubeadm, quorate };
}

function evaluateWay(runs: readonly Round[Way][]): WayResult {
    const seconds = runs.map((run) => run.seconds);
    const preparation = (key: keyof Preparation): Summary => summarise(runs.map((run) => run.preparation[key]));
    return {
        seconds,
        ...summarise(seconds),
        phases: evaluatePhases(runs),
        preparation: { hosts: preparation("hosts"), components: preparation("components") },
    };
}

function evaluatePhases(runs: readonly Creation[]): PhaseResult[] {
    const names = new Set(runs.flatMap((run) => run.phases.map(({ name }) => name)));
    const results = [...names].map((name) => {
        const found = runs.map((run) => run.phases.find((phase) => phase.name === name));
        const present = found.filter((phase) => phase !== undefined);
        return {
            name,
            startsAt: median(present.map(({ start }) => start)),
            seconds: found.map((phase) => (phase === undefined ? null : phase.end - phase.start)),
            ...summarise(present.map(({ start, end }) => end - start)),
        };
    });
    return results.sort((a, b) => a.startsAt - b.startsAt);
}
