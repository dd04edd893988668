import Table from "cli-table3";
import type { Paint } from "./paint";
import type { StatusReport } from "./statusShape";
import { SECTIONS, type Cell } from "./statusSections";

/** The report for people: tables, then findings, then one line with the verdict. Ends without a newline. */
export function statusTable(report: StatusReport, paint: Paint): string {
    const sections = SECTIONS.map((section) => ({ section, rows: section.rows(report, paint) }))
        .filter(({ rows }) => rows.length > 0)
        .map(({ section, rows }) => `${paint.title(section.title)}\n${table(section.columns(report), rows, paint)}`);
    return [...sections, ...findingLines(report, paint), verdict(report, paint)].join("\n\n");
}

function findingLines({ findings }: StatusReport, paint: Paint): string[] {
    if (findings.length === 0) return [];
    const lines = findings.map(({ severity, message }) =>
        severity === "problem" ? `${paint.bad("PROBLEM")} ${message}` : `${paint.warn("WARNING")} ${message}`,
    );
    return [`${paint.title("Findings")}\n${lines.join("\n")}`];
}

function verdict({ cluster, healthy, findings, observedAt }: StatusReport, paint: Paint): string {
    const problems = findings.filter(({ severity }) => severity === "problem").length;
    const warnings = findings.length - problems;
    const also = warnings === 0 ? "" : `, ${count(warnings, "warning")}`;
    const word = healthy ? paint.good("healthy") : paint.bad(`not healthy: ${count(problems, "problem")}`);
    return `cluster ${cluster} is ${word}${also} (${observedAt})`;
}

function count(number: number, noun: string): string {
    return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function table(columns: readonly string[], rows: readonly Cell[][], paint: Paint): string {
    const drawn = new Table({
        head: columns.map(paint.faint),
        style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
        chars: NO_BORDERS,
    });
    drawn.push(...rows);
    return drawn
        .toString()
        .split("\n")
        .map((line) => `  ${line.trimEnd()}`)
        .join("\n");
}

/** Only columns, no lines: readable in a terminal, a log and a mail alike. */
const NO_BORDERS = Object.fromEntries(
    [
        ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
        ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
    ].map((name) => [name, ""]),
);
