import { InvalidArgumentError, Option } from "commander";
import type { Duration } from "../../model/duration";
import { parseWindow } from "../workflow/window";
import { budgetOptions, type BudgetOptions } from "./budgetOptions";
import type { ClusterOptions } from "./commonOptions";
import { durationOption, orUsageError, rateOption } from "./optionValues";

/** Options of everything that goes on with a run. */
export interface RunOptions extends ClusterOptions, Partial<BudgetOptions> {
    readonly notify?: string;
    readonly probe: boolean;
    readonly probeIngress?: string;
    readonly probeIngressHost?: string;
    readonly probeRate?: number;
}

/** Options of `quorate reboot`. */
export interface RebootOptions extends RunOptions {
    readonly host: readonly string[];
    readonly role: readonly ("worker" | "control-plane" | "load-balancer")[];
    readonly onlyRequired: boolean;
    readonly dryRun: boolean;
    readonly window?: string;
    readonly maxParallelWorkers: number;
    readonly policy: "block" | "skip" | "force";
    readonly hookBefore?: string;
    readonly hookAfter?: string;
    readonly takeAddressBack: boolean;
    readonly ingressHost?: string;
    readonly ingressPath?: string;
    readonly sessionsTimeout: Duration;
    readonly drainTimeout: Duration;
    readonly volumesTimeout: Duration;
    readonly bootTimeout: Duration;
    readonly readyTimeout: Duration;
}

/** Options of `quorate resume` and `quorate abort`. */
export interface ContinueOptions extends RunOptions {
    readonly run?: string;
}

/** What the prober is told. Beside `--no-probe` it would be without effect, and is a usage error that names both. */
const PROBER_OPTIONS: readonly Option[] = [
    new Option("--probe-ingress <url>", "application behind the ingress that is measured, e.g. http://10.89.0.10/"),
    new Option("--probe-ingress-host <name>", "its name, where the address is not it"),
    rateOption("--probe-rate <number>", "ingress requests a second (default: the prober's)"),
    ...budgetOptions(),
].map((option) => option.conflicts("probe"));

/** What resumed and aborted runs take as well. */
export const RUN_OPTIONS: readonly Option[] = [
    new Option("--notify <url>", "webhook that is told of start and end, POSTed as JSON"),
    new Option("--no-probe", "do not measure availability meanwhile"),
    ...PROBER_OPTIONS,
];

export const REBOOT_OPTIONS: readonly Option[] = [
    new Option("--host <name...>", "only these hosts").default([], "all"),
    new Option("--role <role...>", "only hosts of these roles")
        .choices(["worker", "control-plane", "load-balancer"])
        .default([], "all"),
    new Option("--only-required", "only hosts whose packages ask for it").default(false),
    new Option("--dry-run", "print the plan, change nothing").default(false),
    new Option("--window <window>", 'begin hosts only then, e.g. "Mon-Fri 22:00-05:00 Europe/Berlin"').argParser(
        (text) => orUsageError(() => parseWindow(text).text),
    ),
    new Option("--max-parallel-workers <count>", "at most; budgets and capacity may allow fewer")
        .argParser(wholeNumber)
        .default(1),
    new Option("--policy <policy>", "when a budget blocks a drain: stop, leave that host out, or delete the pods")
        .choices(["block", "skip", "force"])
        .default("block"),
    new Option("--hook-before <command>", "run here before each host, with HOST, ROLE and QUORATE_RUN set"),
    new Option("--hook-after <command>", "run here after each host"),
    new Option("--take-address-back", "a balancer that had the virtual address gets it back").default(false),
    new Option(
        "--ingress-path <path>",
        "what a rebooted host's ingress must answer (default: a route of some Ingress)",
    ),
    new Option("--ingress-host <name>", "under this name"),
    durationOption("--sessions-timeout <duration>", "wait for live sessions of an ingress server", "30s"),
    durationOption("--drain-timeout <duration>", "wait for one host's pods", "5m"),
    durationOption("--volumes-timeout <duration>", "wait for its volumes to detach", "2m"),
    durationOption("--boot-timeout <duration>", "wait for the host to boot", "10m"),
    durationOption("--ready-timeout <duration>", "wait for its node, pods and network, each", "5m"),
];

/** `--run ID`; the newest run when left out, which is refused when it has ended. */
export const RUN_ID_OPTION = new Option("--run <id>", "the run that is meant (default: the newest)");

function wholeNumber(text: string): number {
    if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
    throw new InvalidArgumentError("expected a whole number, 1 or more");
}
