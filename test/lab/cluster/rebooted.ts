import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { applicationHost } from "../../../lab/cluster/workloadsConfig";
import { labNetwork } from "../../../lab/topology";
import { until } from "../../../lab/wait";
import { probeReportSchema } from "../../../maintenance/probe/reportShape";
import type { ClusterLab } from "../clusterLab";
import { whileProbing } from "../probing";

const HOSTS = ["lb1", "lb2", "cp1", "cp2", "cp3", "w1", "w2", "w3"];
const NODES = HOSTS.slice(2);
const ROUTE = ["--ingress-host", applicationHost, "--ingress-path", "/hostname"];
/** Journal entries from one kill of the driver to the next: a run of 8 hosts has some 230. */
const ENTRIES = 20;
const RUN_MS = 15 * 60_000;

export function rebooted(lab: ClusterLab): void {
    it("fails no request, of 100 a second to the application and those to the API, while every host reboots", async () => {
        const before = await bootIds(lab);
        const ingress = `http://${labNetwork.virtualAddress}/hostname`;
        const probe = ["--probe-ingress", ingress, "--probe-ingress-host", applicationHost, "--probe-rate", "100"];
        const { status, stdout, stderr } = await lab.quorate("reboot", ...ROUTE, ...probe);
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

    it("goes on where it stopped when its driver is killed again and again, and leaves nothing behind", async () => {
        const before = await bootIds(lab);
        let kills = 0;
        await whileProbing(lab, "killed-driver", async () => {
            for (let ended = false; !ended;) {
                const words = kills === 0 ? ["reboot", ...ROUTE] : ["resume"];
                ended = await runOrKill(lab, words);
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
async function runOrKill(lab: ClusterLab, words: readonly string[]): Promise<boolean> {
    const entriesBefore = words[0] === "reboot" ? 0 : journal(lab).length;
    const runsBefore = runs(lab).length;
    const driver = lab.startQuorate(...words, "--no-probe");
    let said = "";
    for (const stream of [driver.stdout, driver.stderr]) stream?.on("data", (data: Buffer) => (said += String(data)));
    let code: number | null | undefined;
    driver.once("close", (status) => (code = status));
    const isOwnRun = () => words[0] !== "reboot" || runs(lab).length > runsBefore;
    await until({
        what: `${words.join(" ")} to end or to write ${ENTRIES} entries`,
        deadlineMs: RUN_MS,
        intervalMs: 20,
        observe: () => ({ code, entries: isOwnRun() ? journal(lab).length - entriesBefore : 0 }),
        satisfied: (seen) => seen.code !== undefined || seen.entries >= ENTRIES,
        describe: (seen) => `${seen.entries} entries; ${said.slice(-500)}`,
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
    return (JSON.parse(journal(lab).at(-1) ?? "{}") as { kind?: string }).kind === "end";
}

function runs(lab: ClusterLab): string[] {
    return existsSync(lab.runs) ? readdirSync(lab.runs).sort() : [];
}

function newestRun(lab: ClusterLab): string {
    return path.join(lab.runs, runs(lab).at(-1) ?? "");
}

function journal(lab: ClusterLab): string[] {
    const file = path.join(newestRun(lab), "journal.ndjson");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
}

async function bootIds(lab: ClusterLab): Promise<ReadonlyMap<string, string>> {
    const read = async (host: string) => [host, await lab.on(host, "cat /proc/sys/kernel/random/boot_id")] as const;
    return new Map(await Promise.all(HOSTS.map(read)));
}

/** Nothing is cordoned or tainted by us, every server is in service, no connection is passed on, the cluster is healthy. */
async function nothingLeft(lab: ClusterLab): Promise<void> {
    const format = "jsonpath={range .items[*]}{.metadata.name}:{.spec.unschedulable}:{.spec.taints[*].key} {end}";
    const nodes = await lab.kubectl("get", "nodes", "-o", format);
    for (const node of nodes.stdout.trim().split(" ")) {
        assert.match(node, /^(cp\d::node-role.kubernetes.io\/control-plane|w\d::)$/, nodes.stdout);
    }
    assert.equal(nodes.stdout.trim().split(" ").length, NODES.length);
    for (const balancer of ["lb1", "lb2"]) {
        assert.equal(await lab.on(balancer, "nft list tables | grep quorate || true"), "");
        assert.equal(await lab.on(balancer, `ip -o addr show lo | grep ${labNetwork.virtualAddress} || true`), "");
    }
    const { status, stdout } = await lab.quorate("status");
    assert.equal(status, 0, stdout);
    assert.doesNotMatch(stdout, /maint|drain/);
}
