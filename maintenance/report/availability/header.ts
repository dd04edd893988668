import type { ProbeReport } from "../../probe/reportShape";
import { markup, nothing, type Markup } from "./markup";
import { countInWords, lengthInWords, plural } from "./words";

const LOOKS: Readonly<Record<ProbeReport["verdict"], string>> = {
    "within budget": "good",
    "over budget": "bad",
    invalid: "warn",
};

/** The verdict in words, with its reasons, and the figures it was made from. */
export function header(report: ProbeReport): Markup {
    const { sent, failed } = totals(report);
    const reasons = [...report.invalid, ...report.exceeded];
    return markup`<header><p class="cluster">Availability of cluster <b>${report.cluster}</b></p>
<h1><span class="number">${countInWords(failed)}</span> of ${plural(sent, "request")} failed</h1>
<p class="verdict ${LOOKS[report.verdict]}"><strong>${report.verdict}</strong> ${period(report)}</p>
${reasons.length === 0 ? nothing : markup`<ul class="reasons">${reasons.map((reason) => markup`<li>${reason}</li>`)}</ul>`}
<dl class="tiles">${tiles(report).map(({ term, value, note }) => markup`<div><dt>${term}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`)}</dl></header>`;
}

/** Sums over the targets that count. */
export function totals({ targets }: ProbeReport): { readonly sent: number; readonly failed: number } {
    const counted = targets.filter((target) => target.counted);
    return {
        sent: counted.reduce((sum, target) => sum + target.sent, 0),
        failed: counted.reduce((sum, target) => sum + target.failed, 0),
    };
}

function period({ startedAt, endedAt, start, end }: ProbeReport): string {
    return `${startedAt.slice(0, 10)}, ${startedAt.slice(11, 19)} to ${endedAt.slice(11, 19)} UTC, ${lengthInWords(end - start)}`;
}

interface Tile {
    readonly term: string;
    readonly value: string;
    readonly note: string;
}

function tiles(report: ProbeReport): Tile[] {
    const counted = report.targets.filter((target) => target.counted);
    const outage = counted.toSorted((left, right) => right.longestOutage - left.longestOutage)[0];
    const slow = counted.toSorted((left, right) => right.latency.p99 - left.latency.p99)[0];
    const rate = counted.reduce((sum, { achievedRate }) => sum + achievedRate, 0);
    const [loop] = report.closedLoop;
    const stalled = Math.max(0, ...report.stalls.map(({ milliseconds }) => milliseconds));
    return [
        {
            term: "Longest outage",
            value: outage === undefined || outage.longestOutage === 0 ? "none" : lengthInWords(outage.longestOutage),
            note: outage === undefined || outage.longestOutage === 0 ? "at any target" : `at ${outage.name}`,
        },
        {
            term: "99th percentile",
            value: slow === undefined ? "-" : lengthInWords(slow.latency.p99),
            note: slow === undefined ? "" : `slowest target: ${slow.name}`,
        },
        { term: "Requests a second", value: countInWords(Math.round(rate)), note: "open loop, at planned times" },
        {
            term: "A closed loop would say",
            value: loop === undefined ? "-" : `${countInWords(loop.failed)} of ${countInWords(loop.requests)}`,
            note: "one request a second, one after the other",
        },
        {
            term: "Prober behind its plan",
            value: lengthInWords(report.sendLag.max),
            note: stalled === 0 ? "at most; it never stalled" : `at most; it stalled for ${lengthInWords(stalled)}`,
        },
    ];
}
