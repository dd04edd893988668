import { Command, InvalidArgumentError, Option } from "commander";
import { Duration } from "../../model/duration";
import { addClusterOptions, type ClusterOptions } from "./commonOptions";
import type { Io } from "./io";

/** Options of `quorate probe`. Rates are requests a second. */
export interface ProbeOptions extends ClusterOptions {
    readonly ingressUrl?: string;
    readonly ingressHostHeader?: string;
    readonly rate: number;
    readonly api: boolean;
    readonly apiRate: number;
    readonly backendRate: number;
    readonly namespace: string;
    readonly duration?: Duration;
    readonly budgetFailed: number;
    readonly budgetOutage?: Duration;
    readonly minRate: number;
    readonly maxStall: Duration;
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
    number("--rate <number>", "ingress requests a second, half of them on kept connections", 100, { above: 0 }),
    new Option("--no-api", "leave the API out; needs no kubeconfig"),
    number("--api-rate <number>", "API reads and writes a second", 8, { above: 0 }),
    number("--backend-rate <number>", "requests a second to each server directly", 1, { above: 0 }),
    new Option("--namespace <name>", "where the ConfigMap is made that is written and watched").default("default"),
    duration("--duration <duration>", "how long (default: until stopped)"),
    number("--budget-failed <count>", "failed requests allowed", 0, { whole: true }),
    duration("--budget-outage <duration>", "longest time allowed from a failure to the next success, for each target"),
    number("--min-rate <share>", "share of the planned requests that must be sent, else invalid", 0.98, { upTo: 1 }),
    duration("--max-stall <duration>", "how long the prober itself may stand still, else invalid", "500ms"),
    number("--max-in-flight <count>", "requests under way at most; one beyond makes the run invalid", 2000, {
        above: 0,
        whole: true,
    }),
    new Option("--seed <number>", "plan the same request times again").argParser(parserOf({ whole: true })),
    new Option("--events <file>", "NDJSON of what was done meanwhile, to join failures with"),
    new Option("--until-input-ends", "end with the standard input, as when the program that started it dies").default(
        false,
    ),
    new Option("--out <dir>", "write samples.ndjson, report.json and report.html there"),
];

interface Bounds {
    readonly above?: number;
    readonly upTo?: number;
    readonly whole?: boolean;
}

function number(flags: string, meaning: string, value: number, bounds: Bounds): Option {
    return new Option(flags, meaning).argParser(parserOf(bounds)).default(value);
}

function parserOf({ above = -Number.MIN_VALUE, upTo = Number.MAX_SAFE_INTEGER, whole = false }: Bounds) {
    return (text: string): number => {
        const value = text.trim() === "" ? NaN : Number(text);
        if (value > above && value <= upTo && (!whole || Number.isInteger(value))) return value;
        const kind = whole ? "whole number" : "number";
        const lower = above < 0 ? "0 or more" : `more than ${above}`;
        const upper = upTo === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${upTo}`;
        throw new InvalidArgumentError(`expected a ${kind}, ${lower}${upper}`);
    };
}

function duration(flags: string, meaning: string, value?: string): Option {
    const option = new Option(flags, meaning).argParser((text: string) => {
        try {
            return Duration.parse(text);
        } catch (error) {
            throw new InvalidArgumentError((error as Error).message);
        }
    });
    return value === undefined ? option : option.default(Duration.parse(value), value);
}
