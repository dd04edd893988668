import { groupBy } from "../../probe/groupBy";
import type { ProbeReport } from "../../probe/reportShape";
import type { LaneSpan, PhaseSpan } from "../../probe/spans";
import { hostStates, type HostState } from "./hostStates";
import { purposeOf, purposes, stateLook } from "./looks";
import type { ValueSpan } from "./mergeLanes";
import { sideBySide } from "./sideBySide";

/** A row of the chart: of the cluster as a whole, of a host, or of something of the host above it. */
export interface Row {
    readonly label: string;
    readonly kind: "cluster" | "host" | "state";
    readonly bars: readonly Bar[];
}

export interface Bar {
    readonly start: number;
    readonly end: number;
    readonly text: string;
    /** The text with what it is about. */
    readonly said: string;
    /** Classes for its colour. */
    readonly look: string;
    /** Its share of the row's height: which one of how many. */
    readonly track: number;
    readonly tracks: number;
}

const CLUSTER_LANES: readonly LaneSpan["lane"][] = ["virtual-address", "etcd-leader"];

/** First what the cluster has one of, then each host in the order of work: its phases, and below them what changed of it. */
export function chartRows({ phases, lanes }: ProbeReport): Row[] {
    const clusterRows = CLUSTER_LANES.flatMap((name) =>
        [
            ...groupBy(
                lanes.filter(({ lane }) => lane === name),
                ({ subject }) => subject,
            ).values(),
        ].map(clusterRow),
    );
    const byHost = groupBy(phases, ({ host }) => host);
    const states = groupBy(hostStates(lanes), ({ host }) => host);
    const colours = purposes(phases);
    const others = [...states.keys()].filter((host) => !byHost.has(host));
    return [
        ...clusterRows,
        ...[...byHost].flatMap(([host, spans]) => [
            phaseRow(host, spans, colours),
            ...(states.get(host) ?? []).map((state) => stateRow(state, state.name)),
        ]),
        ...others.flatMap((host) => (states.get(host) ?? []).map((state) => stateRow(state, `${host} ${state.name}`))),
    ];
}

function clusterRow(spans: readonly LaneSpan[]): Row {
    const [first] = spans;
    const label = first?.lane === "etcd-leader" ? "etcd leader" : `address ${first?.subject}`;
    return { label, kind: "cluster", bars: spans.map((span) => stateBar(span, label)) };
}

function stateRow({ host, name, spans }: HostState, label: string): Row {
    return { label, kind: "state", bars: spans.map((span) => stateBar(span, `${host} ${name}`)) };
}

function stateBar({ value, start, end }: ValueSpan, what: string): Bar {
    const look = `state ${stateLook(value)}`;
    return { start, end, text: value, said: `${what}: ${value}`, look, track: 0, tracks: 1 };
}

function phaseRow(label: string, spans: readonly PhaseSpan[], colours: ReadonlyMap<string, string>): Row {
    const bars = sideBySide(spans).map(({ host, phase, state, start, end, track, tracks }) => ({
        ...{ start, end, track, tracks },
        text: phase,
        said: `${host}: ${phase}, ${state}`,
        look: `${colours.get(purposeOf(phase)) ?? ""} ${state}`,
    }));
    return { label, kind: "host", bars };
}
