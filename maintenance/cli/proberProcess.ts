import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { Duration } from "../../model/duration";
import type { RunOptions } from "./rebootOptions";

/** What the prober said in the end. */
export interface Measured {
    /** Its exit status: 0 within budget, 1 over it, anything else proves nothing. */
    readonly code: number;
    /** Its summary for people. */
    readonly summary: string;
    /** Its page. */
    readonly report: string;
}

/** `quorate probe` beside a run. */
export interface Prober {
    /** Ends it, waits for its report and returns what it says. */
    stop(): Promise<Measured>;
}

/**
 * Starts the prober in a process of its own, so that what the run does cannot slow it down, and returns once it sends
 * requests.
 * @throws Error when it ends before that
 */
export function startProber(folder: string, options: RunOptions, write: (text: string) => unknown): Promise<Prober> {
    const out = availabilityFolder(folder);
    const child = spawn(process.execPath, [...process.execArgv, ...commandLine(folder, out, options)], {
        // Its standard input ends with this process, however that comes about, and the prober then ends, too.
        stdio: ["pipe", "pipe", "pipe"],
        // A Ctrl-C at the terminal is for the run, which ends the prober when it has come to its own end.
        detached: true,
    });
    let summary = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (summary += text));
    const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
    process.once("exit", () => child.kill("SIGTERM"));
    return new Promise((resolve, reject) => {
        createInterface(child.stderr).on("line", (line) => {
            write(`${line}\n`);
            if (!line.includes("probing ")) return;
            resolve({
                async stop() {
                    child.kill("SIGTERM");
                    return { code: await ended, summary, report: join(out, "report.html") };
                },
            });
        });
        child.on("error", reject);
        void ended.then((code) =>
            reject(
                new Error(
                    `the prober ended with exit status ${code} before its first request; expected it to measure; mend what it says, or write --no-probe`,
                ),
            ),
        );
    });
}

/** Where the report goes: `availability`, and `availability-2` and so on for each time that a run is resumed. */
export function availabilityFolder(folder: string): string {
    for (let attempt = 1; ; attempt++) {
        const path = join(folder, attempt === 1 ? "availability" : `availability-${attempt}`);
        if (!existsSync(path)) return path;
    }
}

/** Arguments of the child, its program first. */
export function commandLine(folder: string, out: string, options: RunOptions): string[] {
    const main = join(__dirname, __filename.endsWith(".ts") ? "main.ts" : "main.js");
    const given: readonly (readonly [string, string | number | Duration | undefined])[] = [
        ["--outputs", options.outputs],
        ["--stack", options.stack],
        ["--cwd", options.stack === undefined ? undefined : options.cwd],
        ["--kubeconfig", options.kubeconfig],
        ["--ingress-url", options.probeIngress],
        ["--ingress-host-header", options.probeIngressHost],
        ["--rate", options.probeRate],
        ["--budget-failed", options.budgetFailed],
        ["--budget-outage", options.budgetOutage],
        ["--min-rate", options.minRate],
        ["--max-stall", options.maxStall],
        ["--events", join(folder, "events.ndjson")],
        ["--out", out],
    ];
    return [
        main,
        "probe",
        "--until-input-ends",
        ...given.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)])),
    ];
}
