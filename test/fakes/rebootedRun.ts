import type { InventoryHost } from "../../model/inventory";
import { laneChanges } from "../../maintenance/observe/laneChanges";
import { laneQuestions, unanswered } from "../../maintenance/observe/laneQuestions";
import type { LaneSources } from "../../maintenance/observe/laneSources";
import type { LaneEvent, PhaseEvent } from "../../maintenance/probe/maintenanceEvents";
import type { Measurement } from "../../maintenance/probe/measurement";
import type { Sample } from "../../maintenance/probe/sample";
import type { Target } from "../../maintenance/probe/target";
import { sampleInventory } from "./sampleCluster";

const START = Date.parse("2026-11-21T14:21:12Z");
const RUN_SECONDS = 240;
const ORDER = ["w1", "w2", "w3", "cp1", "cp3", "cp2", "lb2", "lb1"];

/** Phases in order; some go side by side. */
const PHASES: Readonly<Record<InventoryHost["role"], readonly string[]>> = {
    worker: [
        ...["gate", "cordon", "evict-storage", "evict-rest", "volumes-detached", "gate-again", "reboot"],
        ...["node-ready", "node-back + network-proof", "uncordon"],
    ],
    "control-plane": [
        ...["gate", "leave-ingress", "cordon", "evict-storage", "evict-rest", "volumes-detached"],
        ...["move-leader", "stop-api-server", "gate-again", "reboot", "node-ready"],
        ...["node-back + network-proof + ingress-proof", "enter-ingress", "uncordon"],
    ],
    "load-balancer": ["gate", "hand-over-address", "reboot", "balancer-back", "take-address-back"],
};

/** Seconds that phases take, as on real hosts; all others are short. */
const SECONDS: Readonly<Record<string, number>> = {
    "evict-rest": 8,
    "stop-api-server": 9,
    reboot: 6,
    "node-ready": 3,
    "node-back": 5,
    "network-proof": 1.5,
    "hand-over-address": 2.5,
};
const SHORT = 0.4;

interface Span {
    readonly host: string;
    readonly phase: string;
    readonly start: number;
    readonly end: number;
}

const inventory = sampleInventory();
const spans = turns();
const reboots = spans.filter(({ phase }) => phase === "reboot");

/** Every host in its turn. Times in seconds since the start. */
function turns(): Span[] {
    const result: Span[] = [];
    let now = 2;
    for (const host of ORDER) {
        const { role } = inventory.hosts.find(({ name }) => name === host)!;
        for (const together of PHASES[role]) {
            const start = now;
            for (const phase of together.split(" + ")) {
                const slow = role === "control-plane" && phase === "node-back" ? 7 : 0;
                const end = start + (SECONDS[phase] ?? SHORT) + slow;
                result.push({ host, phase, start, end });
                now = Math.max(now, end);
            }
        }
    }
    return result;
}

/** Whether a time is between the start of one phase of a host and the end of another. */
function between(time: number, host: string, from: string, to: string): boolean {
    const of = (phase: string) => spans.find((span) => span.host === host && span.phase === phase);
    return time >= (of(from)?.start ?? Infinity) && time < (of(to)?.end ?? -Infinity);
}

/** What could be seen of the cluster at a time. */
function sourcesAt(time: number): LaneSources {
    const isAway = (host: string) => between(time, host, "reboot", "reboot");
    const apiIsDown = (host: string) => between(time - 4, host, "stop-api-server", "reboot") || isAway(host);
    const view = (balancer: string) => ({
        balancer,
        unreachable: isAway(balancer) ? "no SSH" : "",
        servers: inventory.loadBalancers[0]!.backends.flatMap(({ name: backend, purpose, servers }) =>
            servers.map(({ name: host }) => {
                const set = purpose === "ingress" && between(time, host, "leave-ingress", "enter-ingress");
                const up = purpose === "ingress" ? !isAway(host) : !apiIsDown(host);
                const administrative = set ? ("maint" as const) : ("ready" as const);
                return { balancer, purpose, backend, host, administrative, up: up && !set, sessions: 0 };
            }),
        ),
    });
    const last = (phase: string) => spans.filter((span) => span.phase === phase && span.end <= time).at(-1)?.host;
    const nextLeader: Readonly<Record<string, string>> = { cp1: "cp2", cp3: "cp2", cp2: "cp3" };
    return {
        balancers: () => Promise.resolve(inventory.loadBalancers.map(({ host }) => view(host))),
        addressOwner: () =>
            Promise.resolve(
                between(time, "lb1", "hand-over-address", "balancer-back") || last("reboot") === "lb1" ? "lb2" : "lb1",
            ),
        etcdLeader: () => Promise.resolve(nextLeader[last("move-leader") ?? ""] ?? "cp2"),
        nodeStates: () =>
            Promise.resolve(
                inventory.hosts.map(({ name }) => ({
                    name,
                    condition: isAway(name) ? "NotReady" : "Ready",
                    cordoned: between(time, name, "cordon", "uncordon"),
                })),
            ),
    };
}

/** What the observer would have told, asking every second. */
async function laneEvents(): Promise<LaneEvent[]> {
    const events: LaneEvent[] = [];
    const known = new Map<string, Map<string, string>>();
    for (let second = 0; second < RUN_SECONDS; second++) {
        for (const question of laneQuestions(inventory, sourcesAt(second))) {
            const before = known.get(question.lane) ?? new Map<string, string>();
            const values = await question.ask().catch(() => unanswered(question));
            events.push(...laneChanges(question.lane, before, values, START + second * 1000));
            known.set(
                question.lane,
                new Map([...before, ...values.map(({ subject, value }) => [subject, value] as const)]),
            );
        }
    }
    return events;
}

const target = (name: string, kind: Target["kind"], counted = true): Target => ({
    name,
    kind,
    connection: name.endsWith("reused") ? "reused" : "new",
    channels: 1,
    rate: 25,
    counted,
});

const TARGETS = [
    target("ingress/new", "ingress"),
    target("ingress/reused", "ingress"),
    target("backend/cp1", "ingress", false),
    target("api-read/new", "api-read"),
    target("api-write/reused", "api-write"),
];

/** Latencies rise and fall a little, and rise more while something is being moved. */
function samplesOf({ name, kind, connection, rate }: Target, fails: (time: number) => boolean): Sample[] {
    return Array.from({ length: RUN_SECONDS * rate }, (_, index) => {
        const time = index / rate;
        const isFailed = name.startsWith("backend/") ? between(time, "cp1", "reboot", "reboot") : fails(time);
        const busy = reboots.some(({ start, end }) => time >= start && time < end + 3);
        const latency = 3 + ((index * 7919) % 13) + (busy ? (index * 104_729) % 180 : 0);
        const planned = START + time * 1000;
        return {
            ...{ target: name, kind, connection, channel: 0, planned, start: planned, end: planned + latency },
            ok: !isFailed,
            status: isFailed ? (index % 5 === 0 ? null : 503) : 200,
            error: isFailed ? (index % 5 === 0 ? "timeout" : "status") : null,
            detail: isFailed ? "no server is available" : "",
            retriedOnFreshConnection: false,
            pod: null,
        };
    });
}

/** Failures of a run that went wrong: while the address moves, and after an API server was stopped. */
function someFail(time: number): boolean {
    const within = (host: string, phase: string) =>
        spans.some(
            (span) => span.host === host && span.phase === phase && time >= span.start + 1 && time < span.start + 2.2,
        );
    return within("lb1", "hand-over-address") || (within("cp3", "stop-api-server") && Math.round(time * 25) % 4 === 0);
}

/** All eight hosts of the sample cluster rebooted in 240 s under load, with everything that the program writes down of it. */
export async function rebootedRun({ failing }: { readonly failing: boolean }): Promise<Measurement> {
    const phases = spans.flatMap(({ host, phase, start, end }): PhaseEvent[] => [
        { time: START + start * 1000, host, phase, state: "started" },
        { time: START + end * 1000, host, phase, state: "finished" },
    ]);
    const samples = TARGETS.flatMap((one) => samplesOf(one, failing ? someFail : () => false));
    return {
        cluster: inventory.clusterName,
        seed: 1,
        start: START,
        end: START + RUN_SECONDS * 1000,
        targets: TARGETS,
        dispatch: new Map(TARGETS.map(({ name, rate }) => [name, { planned: RUN_SECONDS * rate, unsent: 0 }])),
        samples,
        stalls: [],
        watch: { opened: 4, gaps: [{ at: START + 110_000, milliseconds: 240 }] },
        cost: { cpuSeconds: 14.2, peakMemoryMiB: 120 },
        events: { phases, lanes: await laneEvents(), unreadableLines: 0 },
    };
}
