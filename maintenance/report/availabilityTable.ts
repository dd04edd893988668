import Table from "cli-table3";
import type { ProbeReport, TargetReport } from "../probe/reportShape";
import type { Paint } from "./paint";

/** Failures shown one by one; the files have all. */
const SHOWN = 10;

/** The summary of a run for people: targets, failures, one line with the verdict. Ends without a newline. */
export function availabilityTable(report: ProbeReport, paint: Paint): string {
    return [targetTable(report, paint), ...failureLines(report, paint), ...notes(report), verdict(report, paint)].join(
        "\n\n",
    );
}

const COLUMNS = ["target", "planned", "sent", "failed", "outage", "p50", "p95", "p99", "max", "retried"];

function targetTable({ targets }: ProbeReport, paint: Paint): string {
    const table = new Table({
        head: COLUMNS.map(paint.faint),
        style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
        chars: NO_BORDERS,
        colAligns: COLUMNS.map((_, index) => (index === 0 ? "left" : "right")),
    });
    table.push(...targets.map((target) => row(target, paint)));
    const lines = table.toString().split("\n");
    return `${paint.title("Requests")} ${paint.faint("(times in ms)")}\n${lines.map((line) => `  ${line.trimEnd()}`).join("\n")}`;
}

function row({ latency, ...target }: TargetReport, paint: Paint): string[] {
    const failed = target.failed === 0 ? paint.good : target.counted ? paint.bad : paint.warn;
    return [
        target.counted ? target.name : `${target.name} ${paint.faint("(not counted)")}`,
        String(target.planned),
        String(target.sent),
        failed(String(target.failed)),
        target.longestOutage === 0 ? "-" : String(Math.round(target.longestOutage)),
        ...[latency.p50, latency.p95, latency.p99, latency.max].map((value) => value.toFixed(1)),
        target.retriedOnFreshConnection === 0 ? "-" : String(target.retriedOnFreshConnection),
    ];
}

function failureLines({ failures, start }: ProbeReport, paint: Paint): string[] {
    const counted = failures.filter((failure) => failure.counted);
    if (counted.length === 0) return [];
    const lines = counted.slice(0, SHOWN).map(({ planned, target, error, detail, phases: [phase] }) => {
        const cause = phase === undefined ? "" : `, ${phase.relation} ${phase.phase} on ${phase.host}`;
        return `  ${((planned - start) / 1000).toFixed(1)} s  ${target}: ${error} ${detail}${cause}`;
    });
    const more = counted.length > SHOWN ? [`  and ${counted.length - SHOWN} more`] : [];
    return [`${paint.title("Failures")}\n${[...lines, ...more].join("\n")}`];
}

function notes({ closedLoop, sendLag, cost, watch, start, end }: ProbeReport): string[] {
    const seconds = (end - start) / 1000;
    const closed = closedLoop
        .slice(0, 1)
        .map(
            ({ target, requests, failed }) =>
                `At ${target}, a loop of one request a second would have seen ${failed} of ${requests} fail.`,
        );
    const gaps = watch === null || watch.gaps.length === 0 ? [] : [gapLine(watch.gaps)];
    const share = seconds > 0 ? Math.round((cost.cpuSeconds / seconds) * 100) : 0;
    const own = `The prober: at most ${Math.round(sendLag.max)} ms behind its plan, ${share} % of a processor, ${cost.peakMemoryMiB} MiB.`;
    return [[...closed, ...gaps, own].join("\n")];
}

function gapLine(gaps: readonly { readonly milliseconds: number }[]): string {
    const longest = Math.max(...gaps.map(({ milliseconds }) => milliseconds));
    return `The watch was opened again ${gaps.length} time${gaps.length === 1 ? "" : "s"}, after ${longest} ms at most.`;
}

function verdict(report: ProbeReport, paint: Paint): string {
    const counted = report.targets.filter((target) => target.counted);
    const sent = counted.reduce((sum, target) => sum + target.sent, 0);
    const failed = counted.reduce((sum, target) => sum + target.failed, 0);
    const figure = `${failed} of ${sent} requests failed in ${Math.round((report.end - report.start) / 1000)} s`;
    const words = { "within budget": paint.good, "over budget": paint.bad, invalid: paint.warn };
    const reasons = [...report.invalid, ...report.exceeded].map((reason) => `\n  ${reason}`).join("");
    return `cluster ${report.cluster}: ${figure}: ${words[report.verdict](report.verdict)}${reasons}`;
}

/** Only columns, no lines: readable in a terminal, a log and a mail alike. */
const NO_BORDERS = Object.fromEntries(
    [
        ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
        ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
    ].map((name) => [name, ""]),
);
