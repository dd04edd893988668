import type { ProbeReport, ReportedFailure } from "../../probe/reportShape";
import { bursts, tally, type Burst } from "./bursts";
import { markup, nothing, type Markup } from "./markup";
import { clockTime, countInWords, elapsed, lengthInWords, plural } from "./words";

/** Requests of one burst that are listed; samples.ndjson has all. */
const LISTED = 50;

/** Failures that count, those close to each other as one event, each joined with the phase it fell into. */
export function failureTable(report: ProbeReport): Markup {
    const counted = report.failures.filter((failure) => failure.counted);
    const rows = bursts(counted).map((burst) => burstRow(burst, report.start));
    const table = markup`<table><thead><tr><th scope="col">When</th><th scope="col" class="n">Failed</th><th scope="col">Over</th><th scope="col">Phase</th><th scope="col">Target</th><th scope="col">How</th></tr></thead>${rows}</table>`;
    return markup`<section aria-labelledby="failures"><h2 id="failures">Failures</h2>
${rows.length === 0 ? markup`<p class="good">No request failed that a user would have sent.</p>` : markup`<div class="scroll">${table}</div>`}
${informative(report)}</section>`;
}

function burstRow({ start, end, failures }: Burst, runStart: number): Markup {
    const phases = tally(failures.map(({ phases: [first] }) => phaseWords(first)));
    const targets = tally(failures.map(({ target }) => target));
    const how = tally(failures.map(howWords));
    const listed = failures.slice(0, LISTED).map((failure) => failureItem(failure, runStart));
    const more =
        failures.length > LISTED ? markup`<li>and ${failures.length - LISTED} more in samples.ndjson</li>` : nothing;
    return markup`<tbody><tr><td><button type="button" data-at="${start}">${elapsed(start - runStart)}</button> <span class="faint">${clockTime(start)}</span></td><td class="n bad">${countInWords(failures.length)}</td><td>${failures.length === 1 ? "-" : lengthInWords(end - start)}</td><td>${words(phases)}</td><td>${words(targets)}</td><td>${words(how)}</td></tr>
<tr class="more"><td colspan="6"><details><summary>${plural(failures.length, "request")}</summary><ol>${listed}${more}</ol></details></td></tr></tbody>`;
}

function failureItem(failure: ReportedFailure, runStart: number): Markup {
    const { planned, end, target, detail, connection } = failure;
    return markup`<li><b>${((planned - runStart) / 1000).toFixed(2)} s</b> ${target}, ${connection} connection, after ${lengthInWords(end - planned)}: ${howWords(failure)} <span class="faint">${detail}</span></li>`;
}

function phaseWords(first: ReportedFailure["phases"][number] | undefined): string {
    if (first === undefined) return "no phase";
    const { host, phase, relation, milliseconds } = first;
    return relation === "during" ? `${phase} on ${host}` : `${lengthInWords(milliseconds)} after ${phase} on ${host}`;
}

function howWords({ error, status }: ReportedFailure): string {
    return error === "status" ? `HTTP ${status}` : (error ?? "");
}

function words(tallied: ReturnType<typeof tally>): Markup {
    const shown = tallied.slice(0, 3).map(({ word, count }) => (tallied.length === 1 ? word : `${word} (${count})`));
    return markup`${[...shown, ...(tallied.length > 3 ? ["..."] : [])].join(", ")}`;
}

/** Servers asked directly fail while they are rebooted; it is told where, not counted. */
function informative({ targets }: ProbeReport): Markup {
    const failing = targets.filter(({ counted, failed }) => !counted && failed > 0);
    if (failing.length === 0) return nothing;
    const items = failing.map(
        ({ name, failed, sent, longestOutage }) =>
            markup`<li>${name}: ${failed} of ${sent}, away for ${lengthInWords(longestOutage)} at most</li>`,
    );
    return markup`<details><summary>Servers asked directly, which no user does (not counted)</summary><ul>${items}</ul></details>`;
}

const HEADS = ["Target", "Planned", "Sent", "Failed", "Longest outage", "p50", "p95", "p99", "Slowest", "Sent again"];

/** Every target with its totals. */
export function targetTable({ targets }: ProbeReport): Markup {
    const heads = HEADS.map((head, index) =>
        index === 0 ? markup`<th scope="col">${head}</th>` : markup`<th scope="col" class="n">${head}</th>`,
    );
    const rows = targets.map(({ latency, ...target }) => {
        const cells = [
            countInWords(target.planned),
            countInWords(target.sent),
            countInWords(target.failed),
            target.longestOutage === 0 ? "-" : lengthInWords(target.longestOutage),
            ...[latency.p50, latency.p95, latency.p99, latency.max].map(lengthInWords),
            countInWords(target.retriedOnFreshConnection),
        ].map((cell) => markup`<td class="n">${cell}</td>`);
        const look = target.counted ? (target.failed > 0 ? "failing" : "") : "uncounted";
        return markup`<tr class="${look}"><th scope="row">${target.name}</th>${cells}</tr>`;
    });
    return markup`<section aria-labelledby="requests"><h2 id="requests">Requests</h2><div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>
<p class="faint">Latency counts from the planned time and includes failures. "Sent again": a kept connection had been closed, and the request went over a fresh one, as every HTTP client does. Targets in grey are servers asked directly and do not count.</p></section>`;
}

/** The bars of the chart as text. */
export function phaseTable({ phases, start }: ProbeReport): Markup {
    if (phases.length === 0) return nothing;
    const rows = phases.map(
        (span) =>
            markup`<tr><td>${elapsed(span.start - start)}</td><td>${span.host}</td><td>${span.phase}</td><td class="n">${lengthInWords(span.end - span.start)}</td><td>${span.state}</td></tr>`,
    );
    return markup`<details><summary>All ${phases.length} phases as a table</summary><div class="scroll"><table><thead><tr><th scope="col">Start</th><th scope="col">Host</th><th scope="col">Phase</th><th scope="col" class="n">Length</th><th scope="col">State</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}
