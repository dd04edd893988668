import { groupBy } from "../../probe/groupBy";
import type { LaneSpan } from "../../probe/spans";
import { stateLook, type StateLook } from "./looks";
import { mergeLanes, type SourceValue, type ValueSpan } from "./mergeLanes";

/** Something of a host whose state has changed. */
export interface HostState {
    readonly host: string;
    /** `node`, `balancer`, or the backends in which the host is a server. */
    readonly name: string;
    readonly spans: readonly ValueSpan[];
}

/**
 * Lanes by the host that they are about, so that a host's states stand below its phases: its node, whether its balancer
 * answers, and its servers, those on several balancers as one. What kept one state all the time tells nothing. Pure.
 */
export function hostStates(lanes: readonly LaneSpan[]): HostState[] {
    const nodes = [
        ...groupBy(
            lanes.filter(({ lane }) => lane === "node"),
            ({ subject }) => subject,
        ),
    ];
    const servers = lanes.filter(({ lane }) => lane === "balancer-server").map(serverSpan);
    return [
        ...nodes.map(([host, spans]) => ({ host, name: "node", spans })),
        ...balancers(servers),
        ...sameAsOne(backends(servers)),
    ].filter(({ spans }) => spans.length > 1);
}

interface ServerSpan extends ValueSpan {
    readonly balancer: string;
    readonly backend: string;
    readonly host: string;
}

/** The subject is `balancer/backend/host`; a shorter one is a server by itself. */
function serverSpan({ subject, value, start, end }: LaneSpan): ServerSpan {
    const [balancer = "", ...rest] = subject.split("/");
    const host = rest.at(-1) ?? balancer;
    return { balancer, backend: rest.slice(0, -1).join("/") || "server", host, value, start, end };
}

/** A balancer gives no answer when it gives none about any of its servers. */
function balancers(servers: readonly ServerSpan[]): HostState[] {
    return [...groupBy(servers, ({ balancer }) => balancer)].map(([host, spans]) => ({
        host,
        name: "balancer",
        spans: mergeLanes(
            groupBy(spans, ({ backend, host: server }) => `${backend}/${server}`),
            (values) => (values.every(({ value }) => stateLook(value) === "silent") ? "no answer" : "answers"),
        ),
    }));
}

function backends(servers: readonly ServerSpan[]): HostState[] {
    return [...groupBy(servers, ({ backend, host }) => `${backend}\n${host}`).values()].flatMap((spans) =>
        spans.slice(0, 1).map(({ backend, host }) => ({
            host,
            name: backend,
            spans: mergeLanes(
                groupBy(spans, ({ balancer }) => balancer),
                onBalancers,
            ),
        })),
    );
}

const WORST: readonly StateLook[] = ["off", "held", "on", "silent"];

/** The worst state, and where, if not everywhere. A balancer that gives no answer says nothing about its servers. */
function onBalancers(values: readonly SourceValue[]): string {
    const worst = values.toSorted((left, right) => rank(left) - rank(right))[0]?.value ?? "";
    const there = values.filter(({ value }) => value === worst).map(({ source }) => source);
    const told = values.filter(({ value }) => stateLook(value) !== "silent");
    return there.length >= told.length ? worst : `${worst} at ${there.join(", ")}`;
}

function rank({ value }: SourceValue): number {
    return WORST.indexOf(stateLook(value));
}

/** Backends that a host entered and left at the same times are told once. */
function sameAsOne(states: readonly HostState[]): HostState[] {
    return [...groupBy(states, ({ host, spans }) => JSON.stringify([host, spans])).values()].flatMap((same) =>
        same.slice(0, 1).map((first) => ({ ...first, name: same.map(({ name }) => name).join(", ") })),
    );
}
