import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { applicationHost } from "../../lab/cluster/workloadsConfig";
import { labNetwork } from "../../lab/topology";
import { type ProbeReport, probeReportSchema } from "../../maintenance/probe/reportShape";
import type { ClusterLab } from "./clusterLab";

/** Two processors carry the whole cluster and its users: what is sent late is still sent, and counted. */
export const PATIENT: readonly string[] = ["--max-stall", "4s"];

/** 50 requests a second to the application, on new and kept connections, and the API. */
export const APPLICATION: readonly string[] = [
    ...["--ingress-url", `http://${labNetwork.virtualAddress}/hostname`],
    ...["--ingress-host-header", applicationHost, "--rate", "50"],
];
/** 20 reads and writes of the API a second, and a watch: five control planes on two processors answer some 25. */
export const API: readonly string[] = ["--api-rate", "20"];

/**
 * Runs `quorate probe` beside some work. The run must be valid and at most as many requests may fail as the prober's own
 * budget allows: none.
 *
 * @param load what it asks, and how often
 */
export async function whileProbing(
    lab: ClusterLab,
    name: string,
    work: () => Promise<void>,
    load = APPLICATION,
): Promise<ProbeReport> {
    const out = path.join(lab.state, "probes", name);
    const prober = lab.startQuorate("probe", ...load, ...PATIENT, "--out", out);
    let said = "";
    const ended = new Promise<number | null>((resolve) => prober.once("close", resolve));
    const probing = new Promise<void>((resolve, reject) => {
        prober.stderr?.on("data", (data: Buffer) => {
            said += data.toString();
            if (said.includes("probing")) resolve();
        });
        void ended.then((code) => reject(new Error(`the prober ended early with ${code}: ${said}`)));
    });
    prober.stdout?.on("data", (data: Buffer) => (said += data.toString()));
    await probing;
    try {
        await work();
    } finally {
        prober.kill("SIGTERM");
        await ended;
    }
    const report = probeReportSchema.parse(JSON.parse(readFileSync(path.join(out, "report.json"), "utf8")));
    const counted = report.targets.filter((target) => target.counted);
    const sum = (key: "sent" | "failed") => counted.reduce((total, target) => total + target[key], 0);
    const slowest = Math.max(...counted.map(({ latency }) => latency.max));
    const seconds = (report.end - report.start) / 1000;
    console.log(
        `      ${name}: ${sum("failed")} of ${sum("sent")} requests failed in ${seconds.toFixed(0)} s; the slowest took ${slowest.toFixed(0)} ms`,
    );
    assert.equal(report.verdict, "within budget", said);
    return report;
}
