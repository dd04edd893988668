import { writeFile } from "node:fs/promises";
import os from "node:os";
import { Command } from "commander";
import { artifactVersions } from "../../lab/artifacts/versions";
import { hasCluster } from "../../lab/cluster/quorate";
import { LabError, exitCode } from "../../lab/errors";
import { whileLocked } from "../../lab/lock";
import { Progress } from "../../lab/progress";
import { roundCount, runComparison } from "../command";
import { measure } from "./benchmark";
import { renderReport } from "./report";
import type { Results } from "./results";

interface Options {
    readonly rounds: number;
    readonly json?: string;
    readonly discardLab?: true;
}

const DESCRIPTION =
    "Creates clusters on the lab's hosts, in turn with kubeadm by hand and with quorate, and compares the times. " +
    "Throws the hosts away before each; the last cluster stays.";

async function bench({ rounds, json, discardLab }: Options): Promise<void> {
    const results = await whileLocked(async () => {
        if (hasCluster() && !discardLab) {
            throw new LabError(
                "the lab holds a cluster, which would be thrown away with its hosts; if nobody needs it, add --discard-lab",
                exitCode.usage,
            );
        }
        return measure(rounds, new Progress());
    });
    if (json !== undefined) await writeFile(json, renderJson(results));
    process.stdout.write(`${renderReport(results)}\n`);
}

function renderJson(results: Results): string {
    const machine = { processors: os.availableParallelism(), memoryBytes: os.totalmem() };
    const record = { at: new Date().toISOString(), machine, versions: artifactVersions, unit: "seconds", ...results };
    return `${JSON.stringify(record, toMilliseconds, 4)}\n`;
}

function toMilliseconds(_key: string, value: unknown): unknown {
    return typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
}

function main(): Promise<number> {
    const program = new Command("npm run bench:create --").description(DESCRIPTION);
    program
        .option("--rounds <number>", "how often each way is measured", roundCount, 3)
        .option("--json <file>", "also write the results to this file")
        .option("--discard-lab", "throw away the cluster that the lab holds")
        .action(bench);
    return runComparison(program);
}

void main().then((status) => process.exit(status));
