import { writeFile } from "node:fs/promises";
import os from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { artifactVersions } from "../../lab/artifacts/versions";
import { Duration } from "../../model/duration";
import { roundCount, runComparison } from "../command";
import { measure } from "./benchmark";
import type { Figures } from "./figures";
import { renderReport } from "./report";
import { WAYS, type WayName, wayNames } from "./ways";

interface Options {
    readonly rounds: number;
    readonly ways: readonly WayName[];
    readonly pause: Duration;
    readonly json?: string;
}

/** Instead of the article's 300 s. */
const PAUSE = Duration.seconds(10);

const DESCRIPTION = `Reboots the lab's hosts in several ways under the same load, and compares what users notice and how long it takes.
${wayNames.map((way) => `(${way}) ${WAYS[way].title}`).join("\n")}`;

/** What is measured is reported, also when a later way fails or the person interrupts. */
async function bench({ rounds, ways, pause, json }: Options): Promise<void> {
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop.abort());
    const found = Array.from({ length: rounds }, (): Partial<Record<WayName, Figures>> => ({}));
    const measured = (round: number, way: WayName, figures: Figures): void => {
        found[round] = { ...found[round], [way]: figures };
    };
    try {
        await measure({ rounds, ways, pause, stop: stop.signal, measured });
    } finally {
        const done = found.filter((round) => Object.keys(round).length > 0);
        if (json !== undefined) await writeFile(json, renderJson(done, pause));
        if (done.length > 0) process.stdout.write(`${renderReport(done, { pause })}\n`);
    }
}

function renderJson(rounds: readonly object[], pause: Duration): string {
    const machine = { processors: os.availableParallelism(), memoryBytes: os.totalmem() };
    const unit = "seconds";
    const record = {
        at: new Date().toISOString(),
        machine,
        versions: artifactVersions,
        unit,
        pause: `${pause}`,
        rounds,
    };
    return `${JSON.stringify(record, toMilliseconds, 4)}\n`;
}

function toMilliseconds(_key: string, value: unknown): unknown {
    return typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
}

function chosenWays(text: string): WayName[] {
    const names = text.split(",").map((name) => name.trim());
    const unknown = names.filter((name) => !wayNames.some((way) => way === name));
    if (unknown.length > 0) throw new InvalidArgumentError(`expected some of ${wayNames.join(",")}.`);
    return wayNames.filter((way) => names.includes(way));
}

function duration(text: string): Duration {
    try {
        return Duration.parse(text);
    } catch (error) {
        throw new InvalidArgumentError((error as Error).message);
    }
}

function main(): Promise<number> {
    const program = new Command("npm run bench:reboot --").description(DESCRIPTION);
    program
        .option("--rounds <number>", "how often each way is measured", roundCount, 1)
        .addOption(
            new Option("--ways <list>", "which ways").argParser(chosenWays).default(wayNames, wayNames.join(",")),
        )
        .addOption(
            new Option("--pause <duration>", "between two hosts in (a) and (b); the article's is 300s")
                .argParser(duration)
                .default(PAUSE, `${PAUSE}`),
        )
        .option("--json <file>", "also write the results to this file")
        .action(bench);
    return runComparison(program);
}

void main().then((status) => process.exit(status));
