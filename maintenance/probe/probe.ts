import type { ClusterInventory } from "../../model/inventory";
import type { Duration } from "../../model/duration";
import type { ClusterAccess } from "../ports/kubeconfig";
import { apiSession } from "./apiSession";
import { makeCanary } from "./canary";
import { apiTargets, ingressTargets, readinessTargets, type ProbePlan } from "./clusterTargets";
import type { Measurement } from "./measurement";
import { openLoop } from "./openLoop";
import { preciseNow } from "./preciseClock";
import { getLane, readLane, writeLane, type Api, type OpenLane } from "./runLanes";
import type { SampleLog } from "./sampleLog";
import { watchStalls } from "./stallWatch";
import type { Target } from "./target";
import { openWatchCanary, type WatchCanary } from "./watchCanary";

/** A run of the prober. */
export interface ProbeRun {
    readonly inventory: ClusterInventory;
    /** Not needed when the API is left out. */
    readonly access: ClusterAccess | undefined;
    readonly plan: ProbePlan;
    readonly namespace: string;
    readonly seed: number;
    /** Until stopped when left out. */
    readonly duration: Duration | undefined;
    readonly deadline: Duration;
    readonly maxInFlight: number;
    readonly log: SampleLog;
    /** Ends the run early; what was measured until then counts. */
    readonly stop: AbortSignal;
    /** Told once, when the first request is planned. */
    started(targets: readonly Target[]): void;
    warn(line: string): void;
}

/**
 * Probes until the end or until stopped, and clears away what it has made. @throws Error when the API cannot be probed at
 * all, because its ConfigMap cannot be made
 */
export async function probe(run: ProbeRun): Promise<Omit<Measurement, "events">> {
    const api = run.access === undefined ? undefined : await openApi(run.access, run.namespace);
    const open = openLanes(run, api);
    const stalls = watchStalls();
    const usage = process.cpuUsage();
    const start = preciseNow();
    const loop = loopOf(run, start);
    const stopped = timeOfAbort(run.stop);
    run.started(open.targets);
    try {
        const dispatch = await openLoop({ ...loop, lanes: open.lanes });
        const end = Math.min(loop.end, stopped() ?? Infinity, preciseNow());
        if (open.watch !== undefined) dispatch.set("api-watch", await open.watch.finish());
        return {
            cluster: run.inventory.clusterName,
            seed: run.seed,
            start,
            end,
            targets: open.targets,
            dispatch,
            samples: run.log.samples,
            stalls: stalls.stop(),
            watch: open.watch === undefined ? null : open.watch.stream,
            cost: cost(usage),
        };
    } finally {
        open.lanes.forEach((lane) => lane.close());
        open.watch?.stream.close();
        if (api !== undefined && !(await api.canary.remove())) {
            run.warn(`ConfigMap ${run.namespace}/${api.canary.name} is left behind; delete it with kubectl`);
        }
    }
}

function loopOf({ seed, duration, deadline, maxInFlight, stop }: ProbeRun, start: number) {
    const end = duration === undefined ? Infinity : start + duration.milliseconds;
    return { seed, start, end, deadline: deadline.milliseconds, maxInFlight, stop };
}

/** The run ends when it is stopped, not when the last answer has come. */
function timeOfAbort(stop: AbortSignal): () => number | undefined {
    let time = stop.aborted ? preciseNow() : undefined;
    stop.addEventListener("abort", () => (time ??= preciseNow()));
    return () => time;
}

async function openApi(access: ClusterAccess, namespace: string): Promise<Api> {
    const session = await apiSession(access);
    let sequence = 0;
    return { session, canary: await makeCanary(session, namespace), nextSequence: () => (sequence += 1) };
}

interface Opened {
    readonly targets: readonly Target[];
    readonly lanes: readonly OpenLane[];
    readonly watch: WatchCanary | undefined;
}

function openLanes({ inventory, plan, deadline, log }: ProbeRun, api: Api | undefined): Opened {
    const ingress = ingressTargets(inventory, plan);
    const readiness = api === undefined ? [] : readinessTargets(inventory, plan);
    const onApi = api === undefined ? [] : apiTargets(plan);
    const watched = onApi.find(({ kind }) => kind === "api-watch");
    const watch =
        api === undefined || watched === undefined
            ? undefined
            : openWatchCanary(watched, api, deadline.milliseconds, log.add);
    const lanes = [
        ...ingress.map((target) => getLane(target, log.add)),
        ...readiness.map((target) => getLane(target, log.add, api?.session)),
        ...(api === undefined ? [] : onApi.flatMap((target) => apiLane(target, api, log, watch))),
    ];
    return { targets: [...ingress, ...onApi, ...readiness], lanes, watch };
}

function apiLane(target: Target, api: Api, log: SampleLog, watch: WatchCanary | undefined): OpenLane[] {
    if (target.kind === "api-read") return [readLane(target, api, log.add)];
    if (target.kind !== "api-write") return [];
    return [
        writeLane(target, api, (sample, sequence) => {
            log.add(sample);
            if (sample.ok) watch?.written(sequence, sample.end);
        }),
    ];
}

function cost(usage: NodeJS.CpuUsage): Measurement["cost"] {
    const { user, system } = process.cpuUsage(usage);
    return {
        cpuSeconds: Math.round((user + system) / 1e4) / 100,
        peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    };
}
