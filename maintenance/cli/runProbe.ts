import { randomInt } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../model/configError";
import { ingressTargets, type ProbePlan } from "../probe/clusterTargets";
import { parseEvents, type MaintenanceEvents } from "../probe/maintenanceEvents";
import { probe } from "../probe/probe";
import { probeReport } from "../probe/probeReport";
import type { ProbeReport } from "../probe/reportShape";
import { openSampleLog } from "../probe/sampleLog";
import type { Target } from "../probe/target";
import { readKubeconfig } from "../ports/kubeconfig";
import { readStackOutputs, type StackOutputs } from "../ports/stackOutputs";
import { availabilityPage } from "../report/availabilityPage";
import { availabilityTable } from "../report/availabilityTable";
import { paintFor } from "../report/paint";
import { kubeconfigSource, outputsSource } from "./clusterSource";
import { messageOf } from "./exitCodes";
import type { Io } from "./io";
import type { ProbeOptions } from "./probeCommand";

/** Exit statuses of `quorate probe`: other than elsewhere, a run that failed for any reason proves nothing and is a 2. */
const EXIT_OF: Readonly<Record<ProbeReport["verdict"], number>> = {
    "within budget": 0,
    "over budget": 1,
    invalid: 2,
};

/** Probes, prints the summary, writes the report and returns the exit status. @throws ConfigError */
export async function runProbe(options: ProbeOptions, io: Io): Promise<number> {
    try {
        const report = await measure(options, io);
        const text = options.json
            ? JSON.stringify(report, null, 2)
            : availabilityTable(report, paintFor(io.stdout, io.environment));
        io.stdout.write(`${text}\n`);
        return EXIT_OF[report.verdict];
    } catch (error) {
        if (error instanceof ConfigError) throw error;
        io.stderr.write(`${messageOf(error) ?? ""}\n`);
        return EXIT_OF.invalid;
    }
}

async function measure(options: ProbeOptions, io: Io): Promise<ProbeReport> {
    io.goFirst?.();
    const outputs = await readStackOutputs(outputsSource(options));
    const plan = planOf(options, outputs);
    const access = options.api ? readKubeconfig(kubeconfigSource(options, outputs, io.environment)) : undefined;
    const { out, events } = options;
    if (out !== undefined) makeFolder(out);
    const stop = new AbortController();
    io.onInterrupt?.(() => stop.abort());
    if (options.untilInputEnds) void io.readStdin().then(() => stop.abort());
    const log = openSampleLog(out === undefined ? undefined : join(out, "samples.ndjson"));
    const measured = await probe({
        inventory: outputs.inventory,
        access,
        plan,
        namespace: options.namespace,
        seed: options.seed ?? randomInt(2 ** 31),
        duration: options.duration,
        deadline: options.timeout,
        maxInFlight: options.maxInFlight,
        log,
        stop: stop.signal,
        started: (targets) => io.stderr.write(`quorate: ${startLine(targets, options)}\n`),
        warn: (line) => io.stderr.write(`quorate: warning: ${line}\n`),
    }).finally(() => log.close());
    const report = probeReport({ ...measured, events: readEvents(events) }, budgetOf(options));
    if (out !== undefined) writeReport(out, report);
    return report;
}

function planOf(options: ProbeOptions, { inventory }: StackOutputs): ProbePlan {
    const plan = {
        ingressUrl: options.ingressUrl,
        ingressHost: options.ingressHostHeader,
        ingressRate: options.rate,
        apiRate: options.api ? options.apiRate : 0,
        backendRate: options.backendRate,
    };
    if (ingressTargets(inventory, plan).length === 0 && !options.api) {
        throw new ConfigError("command line", [
            { path: "--ingress-url", message: "is missing and --no-api is given: nothing is left to probe; write one" },
        ]);
    }
    return plan;
}

function budgetOf({ budgetFailed, budgetOutage, minRate, maxStall }: ProbeOptions) {
    return { failed: budgetFailed, outage: budgetOutage, minRate, maxStall };
}

function startLine(targets: readonly Target[], { duration }: ProbeOptions): string {
    const rate = Math.round(targets.reduce((sum, target) => sum + target.rate, 0));
    const end = duration === undefined ? "until stopped (SIGINT or SIGTERM)" : `for ${duration}`;
    return `probing ${targets.length} targets, ${rate} requests a second, ${end}`;
}

/** The file may be written by another process meanwhile, or come to nothing when nothing was done. */
function readEvents(path: string | undefined): MaintenanceEvents {
    if (path === undefined) return parseEvents("");
    try {
        return parseEvents(readFileSync(path, "utf8"));
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return parseEvents("");
        throw error;
    }
}

function makeFolder(path: string): void {
    try {
        mkdirSync(path, { recursive: true });
    } catch (error) {
        throw new ConfigError("command line", [
            {
                path: `--out ${path}`,
                message: `cannot be made: ${(error as Error).message}; write a folder of your own`,
            },
        ]);
    }
}

function writeReport(out: string, report: ProbeReport): void {
    writeFileSync(join(out, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(out, "report.html"), availabilityPage(report));
}
