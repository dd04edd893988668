import { Command, Option } from "commander";
import type { Duration } from "../../model/duration";
import { budgetOptions, type BudgetOptions } from "./budgetOptions";
import { addClusterOptions, type ClusterOptions } from "./commonOptions";
import type { Io } from "./io";
import { durationOption, numberOption, rateOption } from "./optionValues";

/** Options of `quorate probe`. Rates are requests a second. */
export interface ProbeOptions extends ClusterOptions, BudgetOptions {
    readonly ingressUrl?: string;
    readonly ingressHostHeader?: string;
    readonly rate: number;
    readonly api: boolean;
    readonly apiRate: number;
    readonly backendRate: number;
    readonly namespace: string;
    readonly duration?: Duration;
    readonly maxInFlight: number;
    readonly seed?: number;
    readonly events?: string;
    readonly out?: string;
    readonly untilInputEnds: boolean;
}

/** `quorate probe`: asks as users do and counts what fails. Exit status 0 within budget, 1 over it, 2 invalid or usage. */
export function probeCommand(io: Io): Command {
    const command = new Command("probe")
        .summary("measure availability while something is going on")
        .description(
            "Sends requests at planned times through the endpoint, whatever became of the ones before, and counts failures.\nEnds after --duration or at SIGINT or SIGTERM, with its report.\nExits with 0 within budget, 1 over budget, and 2 when the run proves nothing or the usage is wrong.",
        );
    addClusterOptions(command, { meaning: "longest wait for one answer, from its planned time", value: "5s" });
    OPTIONS.forEach((option) => command.addOption(option));
    return command.action(async (options: ProbeOptions) => {
        const { runProbe } = require("./runProbe") as typeof import("./runProbe");
        io.exit(await runProbe(options, io));
    });
}

const OPTIONS: readonly Option[] = [
    new Option("--ingress-url <url>", "application behind the ingress, at the endpoint, e.g. http://10.89.0.10/"),
    new Option("--ingress-host-header <name>", "its name, where the address is not it"),
    rateOption("--rate <number>", "ingress requests a second, half of them on kept connections", 100),
    new Option("--no-api", "leave the API out; needs no kubeconfig"),
    rateOption("--api-rate <number>", "API reads and writes a second", 8),
    rateOption("--backend-rate <number>", "requests a second to each server directly", 1),
    new Option("--namespace <name>", "where the ConfigMap is made that is written and watched").default("default"),
    durationOption("--duration <duration>", "how long (default: until stopped)"),
    ...budgetOptions(),
    numberOption(
        "--max-in-flight <count>",
        "requests under way at most; one beyond makes the run invalid",
        { above: 0, whole: true },
        2000,
    ),
    numberOption("--seed <number>", "plan the same request times again", { whole: true }),
    new Option("--events <file>", "NDJSON of what was done meanwhile, to join failures with"),
    new Option("--until-input-ends", "end with the standard input, as when the program that started it dies").default(
        false,
    ),
    new Option("--out <dir>", "write samples.ndjson, report.json and report.html there"),
];
