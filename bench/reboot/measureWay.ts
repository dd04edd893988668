import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { outputsPath } from "../../lab/cluster/cluster";
import { applicationHost } from "../../lab/cluster/workloadsConfig";
import type { Detail } from "../../lab/progress";
import { labNetwork } from "../../lab/topology";
import { type Prober, startProber } from "../../maintenance/cli/proberProcess";
import { parseEvents } from "../../maintenance/probe/maintenanceEvents";
import { probeReportSchema } from "../../maintenance/probe/reportShape";
import { systemClock } from "../../maintenance/workflow/clock";
import { Duration } from "../../model/duration";
import { inventoryHosts } from "../../model/inventory";
import { abortableClock } from "./abortableClock";
import { openEventLog } from "./eventLog";
import { type Figures, figures } from "./figures";
import { handLoop } from "./handLoop";
import type { LabCluster } from "./labCluster";
import type { Window } from "./overhead";
import { type Application, plainApplication } from "./plainApplication";
import { type SeenPod, startCensus } from "./podCensus";
import { putBack, putUpPlain, removePlain } from "./putBack";
import { quorate, quorateReboot } from "./quorateProgram";
import { WAYS, type Way, type WayName, handHosts } from "./ways";
import { awaitApplication, awaitHealthy, awaitNodes } from "./whole";

const INGRESS_RATE = 100;
const PROBE_TIMEOUT = Duration.seconds(5);

const APPLICATIONS: Readonly<Record<Way["application"], Application>> = {
    plain: plainApplication,
    web: { namespace: "default", name: "web", host: applicationHost, selector: "quorate.dev/workload=web" },
};

export interface WayRun {
    readonly name: WayName;
    readonly cluster: LabCluster;
    /** Made for the events and what the prober writes. */
    readonly folder: string;
    readonly pause: Duration;
    /** Ends the way; what it has changed is put back all the same. */
    readonly stop: AbortSignal;
    readonly detail: Detail;
}

/**
 * Goes one way under load, from a healthy cluster to one that is whole again. Whatever happens, every node is uncordoned, every
 * ingress server ready and the plain application removed when this returns or throws.
 */
export async function measureWay(run: WayRun): Promise<Figures> {
    const { name, cluster } = run;
    const clock = abortableClock(run.stop);
    const { application } = WAYS[name];
    try {
        if (application === "plain") await putUpPlain(cluster);
        await awaitHealthy(clock);
        await awaitApplication(cluster, APPLICATIONS[application], clock);
        return await underLoad(run, APPLICATIONS[application]);
    } finally {
        run.detail("putting everything back");
        try {
            await putBack(cluster, systemClock);
        } finally {
            if (application === "plain") await removePlain(cluster, systemClock);
        }
    }
}

async function underLoad(run: WayRun, application: Application): Promise<Figures> {
    const { cluster, folder, detail, stop } = run;
    const { inventory } = cluster;
    mkdirSync(folder, { recursive: true });
    const workers = inventoryHosts(inventory, "worker").map(({ name }) => name);
    const census = await startCensus(() => podsOf(cluster, application), workers, systemClock);
    let prober: Prober | undefined;
    try {
        prober = await startProber(folder, proberOptions(application), (line) => detail(line.trim()));
        const window = await work(run);
        detail("waiting until the cluster is whole");
        await awaitNodes(cluster, abortableClock(stop));
        await awaitApplication(cluster, application, abortableClock(stop));
        await prober.stop();
        return figures({
            report: probeReportSchema.parse(readJson(path.join(folder, "availability", "report.json"))),
            phases: parseEvents(readFileSync(eventsFile(folder), "utf8")).phases,
            window,
            pods: await census.stop(),
            balancers: inventoryHosts(inventory, "load-balancer").map(({ name }) => name),
        });
    } finally {
        await Promise.all([prober?.stop(), census.stop()]);
    }
}

/** @returns when the work began and ended */
async function work({ name, cluster, folder, pause, stop, detail }: WayRun): Promise<Window> {
    const clock = abortableClock(stop);
    const log = openEventLog(eventsFile(folder), clock);
    const { steps } = WAYS[name];
    if (steps === undefined) {
        const start = Date.now();
        await quorateReboot({ run: quorate, log, stop, detail });
        return { start, end: Date.now() };
    }
    const { balancers, hosts, nodes } = cluster.ports;
    const kubectl = (args: readonly string[]) => {
        detail(`kubectl ${args.join(" ")}`);
        return cluster.kubectl(args, { stop });
    };
    const ports = { kubectl, balancers, hosts, nodes, clock, patientClock: systemClock };
    return handLoop({ steps, hosts: handHosts(cluster.inventory), pause }, ports, log);
}

/** The file that the prober reads in the end. */
function eventsFile(folder: string): string {
    return path.join(folder, "events.ndjson");
}

/** The same for every way: 100 ingress requests a second, and the prober's own rates of API reads, writes and a watch. */
function proberOptions({ host }: Application) {
    return {
        outputs: outputsPath(),
        cwd: process.cwd(),
        json: false,
        timeout: PROBE_TIMEOUT,
        probe: true,
        probeIngress: `http://${labNetwork.virtualAddress}/hostname`,
        probeIngressHost: host,
        probeRate: INGRESS_RATE,
    };
}

async function podsOf({ api }: LabCluster, { namespace, selector }: Application): Promise<SeenPod[]> {
    const { items } = await api.call(CoreV1Api, (core, o) =>
        core.listNamespacedPod({ namespace, labelSelector: selector }, o),
    );
    return items.map(({ metadata, spec }) => ({ uid: metadata?.uid ?? "", node: spec?.nodeName ?? "" }));
}

function readJson(file: string): unknown {
    return JSON.parse(readFileSync(file, "utf8"));
}
