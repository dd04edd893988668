import Table from "cli-table3";
import type { Duration } from "../../model/duration";
import type { Figures } from "./figures";
import {
    METRICS,
    type Metric,
    type Round,
    TARGET_RATIO,
    WITHOUT_BALANCERS,
    measuredWays,
    restOf,
    runsOf,
    spreadOf,
} from "./results";
import { WAYS, type WayName } from "./ways";

/** The article's pause between two hosts, in seconds. */
const ARTICLE_PAUSE_SECONDS = 300;

/** The results for people. Over several rounds a cell is the median and, behind it, the smallest and the largest. */
export function renderReport(rounds: readonly Round[], { pause }: { readonly pause: Duration }): string {
    const ways = measuredWays(rounds);
    const quorate = runsOf(rounds, "d");
    const parts = [
        renderTable(rounds, ways),
        renderNotes(pause, ways),
        ...(quorate.length === 0 ? [] : [renderWithoutBalancers(quorate), renderRest(quorate), renderVerdict(quorate)]),
        ...renderInvalid(rounds, ways),
    ];
    return parts.filter((part) => part !== "").join("\n\n");
}

function renderTable(rounds: readonly Round[], ways: readonly WayName[]): string {
    const head = ["", ...ways.map((way) => `(${way}) ${WAYS[way].title}`)];
    const rows = METRICS.map((metric) => [metric.title, ...ways.map((way) => cell(metric, runsOf(rounds, way)))]);
    const count = rounds.length === 1 ? "1 round" : `${rounds.length} rounds: median (smallest to largest)`;
    return `${count}\n${table(head, rows)}`;
}

function renderNotes(pause: Duration, ways: readonly WayName[]): string {
    const notes: readonly (readonly [readonly WayName[], string])[] = [
        [
            ["a", "b", "c"],
            "(a) to (c) reboot the 6 Kubernetes nodes and leave the load balancers alone; (d) reboots all 8 hosts.",
        ],
        [
            ["a", "b"],
            `(a), (b): an application without budget and preStop; ${pause} of pause between hosts, the article's is ${ARTICLE_PAUSE_SECONDS}s.`,
        ],
        [["c", "d"], "(c), (d): the lab's application, with budget and preStop."],
    ];
    const shown = notes.filter(([about]) => about.some((way) => ways.includes(way))).map(([, text]) => text);
    return [...shown, "Requests are counted until the cluster is whole again; wall time ends with the work."].join(
        "\n",
    );
}

function renderWithoutBalancers(runs: readonly Figures[]): string {
    if (runs.every(({ withoutBalancers }) => withoutBalancers === undefined)) return "";
    const rows = WITHOUT_BALANCERS.map((metric) => [metric.title, cell(metric, runs)]);
    return `(d) without the load balancers' turns\n${table(["", "(d)"], rows)}`;
}

function renderRest(runs: readonly Figures[]): string {
    const rows = restOf(runs).map(({ phase, seconds }) => [phase, seconds.toFixed(1)]);
    const which = runs.length === 1 ? "" : ", medians";
    return `(d): where the overhead goes, summed over hosts${which}\n${table(["phase", "seconds"], rows)}`;
}

function renderVerdict(runs: readonly Figures[]): string {
    const metric: Metric = { title: "", of: ({ time }) => time.ratio, digits: 2 };
    const ratio = spreadOf(metric, runs)?.median;
    if (ratio === undefined) return "(d): nothing was rebooted, so there is no overhead ratio.";
    const verdict = ratio <= TARGET_RATIO ? "met" : "missed";
    return `(d): overhead ratio ${ratio.toFixed(2)}, target at most ${TARGET_RATIO}: ${verdict}`;
}

/** Runs whose figures prove nothing, with the prober's reasons. */
function renderInvalid(rounds: readonly Round[], ways: readonly WayName[]): string[] {
    const lines = rounds.flatMap((round, index) =>
        ways.flatMap((way) =>
            (round[way]?.invalid ?? []).map((why) => `round ${index + 1}, (${way}) proves nothing: ${why}`),
        ),
    );
    return lines.length === 0 ? [] : [lines.join("\n")];
}

function cell(metric: Metric, runs: readonly Figures[]): string {
    const spread = spreadOf(metric, runs);
    if (spread === undefined) return "-";
    const text = (value: number): string => value.toFixed(metric.digits);
    if (runs.length === 1) return text(spread.median);
    return `${text(spread.median)} (${text(spread.min)} to ${text(spread.max)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const aligned = new Table({
        head: [...head],
        colAligns: ["left", ...Array<"right">(head.length - 1).fill("right")],
        style: { head: [], border: [], compact: true },
    });
    for (const row of rows) aligned.push([...row]);
    return aligned.toString();
}
