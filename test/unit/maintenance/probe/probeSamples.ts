import type { Measurement } from "../../../../maintenance/probe/measurement";
import type { Sample } from "../../../../maintenance/probe/sample";
import type { Target } from "../../../../maintenance/probe/target";

/** A good request of 2 ms to `ingress/new`, changed. */
export function sample(change: Partial<Sample> & { planned: number }): Sample {
    const { planned } = change;
    const ok = change.ok ?? true;
    return {
        target: "ingress/new",
        kind: "ingress",
        channel: 0,
        start: planned,
        end: planned + 2,
        ok,
        status: ok ? 200 : null,
        error: ok ? null : "timeout",
        detail: ok ? "" : "no answer",
        connection: "new",
        retriedOnFreshConnection: false,
        pod: null,
        ...change,
    };
}

export const INGRESS: Target = {
    name: "ingress/new",
    kind: "ingress",
    connection: "new",
    channels: 1,
    rate: 10,
    counted: true,
};

export const BACKEND: Target = { ...INGRESS, name: "backend/cp1", counted: false };

/** A run over 10 s from time 0 in which everything planned was sent. */
export function measurement(samples: readonly Sample[], change: Partial<Measurement> = {}): Measurement {
    const targets = change.targets ?? [INGRESS];
    const sent = (name: string) => samples.filter(({ target }) => target === name).length;
    return {
        cluster: "sample",
        seed: 1,
        start: 0,
        end: 10_000,
        targets,
        dispatch: new Map(targets.map(({ name }) => [name, { planned: sent(name), unsent: 0 }])),
        samples,
        stalls: [],
        watch: null,
        cost: { cpuSeconds: 0.5, peakMemoryMiB: 100 },
        events: { phases: [], lanes: [], unreadableLines: 0 },
        ...change,
    };
}

/** A request every `interval` ms over 10 s, each as `outcome` says for its time. */
export function every(interval: number, outcome: (planned: number) => Partial<Sample> = () => ({})): Sample[] {
    return Array.from({ length: 10_000 / interval }, (_, index) =>
        sample({ planned: index * interval, ...outcome(index * interval) }),
    );
}
