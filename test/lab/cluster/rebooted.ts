import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { applicationHost } from "../../../lab/cluster/workloadsConfig";
import { labNetwork } from "../../../lab/topology";
import { until } from "../../../lab/wait";
import { probeReportSchema } from "../../../maintenance/probe/reportShape";
import type { ClusterLab } from "../clusterLab";
import { PATIENT, whileProbing } from "../probing";
import { journal, newestRun, runs } from "./runFolders";
import { bootIds, HOSTS, nothingLeft } from "./traces";

const ROUTE = ["--ingress-host", applicationHost, "--ingress-path", "/hostname"];
/**
 * Journal entries from one kill of the driver to the next, in turn; a run of 8 hosts has some 260. The way of a control plane to
 * its reboot has 22, and begins anew when the driver dies on it: one of these must be longer for the run to come forward.
 */
const ENTRIES = [29, 7, 17];
const RUN_MS = 15 * 60_000;

export function rebooted(lab: ClusterLab): void {
    it("fails no request, of 100 a second to the application and those to the API, while every host reboots", async () => {
        const before = await bootIds(lab);
        const ingress = `http://${labNetwork.virtualAddress}/hostname`;
        const probe = ["--probe-ingress", ingress, "--probe-ingress-host", applicationHost, "--probe-rate", "100"];
        const { status, stdout, stderr } = await lab.quorate("reboot", ...ROUTE, ...probe, ...PATIENT);
        const report = readFileSync(path.join(newestRun(lab), "availability/report.json"), "utf8");
        const { targets, end, start, stalls } = probeReportSchema.parse(JSON.parse(report));
        const counted = targets.filter((target) => target.counted);
        const sum = (key: "sent" | "failed") => counted.reduce((total, target) => total + target[key], 0);
        const stalled = Math.max(0, ...stalls.map(({ milliseconds }) => milliseconds));
        console.log(
            `      ${sum("failed")} of ${sum("sent")} requests failed in ${Math.round((end - start) / 1000)} s; the prober stalled for ${Math.round(stalled)} ms at most`,
        );
        assert.equal(status, 0, stdout + stderr);
        const after = await bootIds(lab);
        for (const host of HOSTS) assert.notEqual(after.get(host), before.get(host), host);
        await nothingLeft(lab);
    });

    it("goes on where it stopped when its driver is killed again and again, and leaves nothing behind (F46)", async () => {
        const before = await bootIds(lab);
        let kills = 0;
        await whileProbing(lab, "killed-driver", async () => {
            for (let ended = false; !ended;) {
                const words = kills === 0 ? ["reboot", ...ROUTE] : ["resume"];
                ended = await runOrKill(lab, words, ENTRIES[kills % ENTRIES.length] ?? 0);
                if (!ended) kills++;
            }
        });
        console.log(`      the driver was killed ${kills} times`);
        assert.ok(kills >= 10, `${kills} kills`);
        const after = await bootIds(lab);
        for (const host of HOSTS) assert.notEqual(after.get(host), before.get(host), host);
        await nothingLeft(lab);
    });
}

/** Runs `quorate` until it ends well, or kills it after so many journal entries. @returns whether it came to its end */
async function runOrKill(lab: ClusterLab, words: readonly string[], entries: number): Promise<boolean> {
    const entriesBefore = words[0] === "reboot" ? 0 : journal(lab).length;
    const runsBefore = runs(lab).length;
    const driver = lab.startQuorate(...words, "--no-probe");
    let said = "";
    for (const stream of [driver.stdout, driver.stderr]) stream?.on("data", (data: Buffer) => (said += String(data)));
    let code: number | null | undefined;
    driver.once("close", (status) => (code = status));
    const isOwnRun = () => words[0] !== "reboot" || runs(lab).length > runsBefore;
    await until({
        what: `${words.join(" ")} to end or to write ${entries} entries`,
        deadlineMs: RUN_MS,
        intervalMs: 20,
        observe: () => ({ code, written: isOwnRun() ? journal(lab).length - entriesBefore : 0 }),
        satisfied: (seen) => seen.code !== undefined || seen.written >= entries,
        describe: (seen) => `${seen.written} entries; ${said.slice(-500)}`,
    });
    if (code !== undefined) {
        assert.equal(code, 0, said);
        return true;
    }
    driver.kill("SIGKILL");
    await until({
        what: "the driver to be gone",
        deadlineMs: 10_000,
        intervalMs: 20,
        observe: () => code,
        satisfied: (seen) => seen !== undefined,
        describe: () => "it runs",
    });
    // The last entries may have been written just before the kill: then there is nothing to be resumed.
    return journal(lab).at(-1)?.kind === "end";
}
