import type { ProbeReport } from "../../probe/reportShape";
import { chartRows, type Row } from "./chartRows";
import { lanes } from "./lanes";
import { purposes, STATE_WORDS } from "./looks";
import { markup, Markup, nothing } from "./markup";
import { failureMarks, strips } from "./strips";
import { timeScale } from "./timeScale";
import { elapsed } from "./words";

/** The chart: what was done to which host, above what users would have felt, on one axis of time. */
export function chart(report: ProbeReport): Markup {
    const scale = timeScale(report);
    const ticks = scale.ticks.map((tick) => ({ left: scale.at(report.start + tick), text: elapsed(tick) }));
    const rows = chartRows(report);
    return markup`<section aria-labelledby="what-happened"><h2 id="what-happened">What happened when</h2>
${legend(report, rows)}
<div class="chart" id="chart" tabindex="0" aria-label="Chart over time; arrow keys move the reading line">
<div class="over"><div></div><svg class="plot" aria-hidden="true">${ticks.map(({ left }) => markup`<line x1="${left}%" x2="${left}%" y2="100%"/>`)}</svg></div>
${lanes(rows, scale)}
<div class="strips">${strips(report)}
<div class="row axis"><div class="label"><span>since ${report.startedAt.slice(11, 19)} UTC</span></div><div class="plot">${ticks.map(({ left, text }) => markup`<span style="left:${left}%">${text}</span>`)}</div></div></div>
<div class="over"><div></div><div class="plot"><svg class="plot marks" aria-hidden="true">${failureMarks(report, scale)}</svg><div id="cursor" hidden></div></div></div>
</div>
<p id="reading" role="status">Point at the chart, or focus it and use the arrow keys, to read it.</p>
${data(report, rows)}</section>`;
}

function legend({ phases }: ProbeReport, rows: readonly Row[]): Markup {
    if (rows.length === 0) return nothing;
    const looks = rows.flatMap(({ bars }) => bars.map(({ look }) => look));
    const states = Object.entries(STATE_WORDS).filter(([look]) => looks.includes(`state ${look}`));
    const entries = [
        ...[...purposes(phases)].map(([purpose, colour]) => markup`<li class="${colour}"><i></i>${purpose}</li>`),
        ...states.map(([look, words]) => markup`<li class="state ${look}"><i></i>${words}</li>`),
    ];
    return markup`<ul class="legend">${entries}<li class="failure"><i></i>failed requests</li></ul>`;
}

/** What the script reads out. In a script element only `<` could end the element; JSON has an escape for it. */
function data({ start, end, timeline, phases }: ProbeReport, rows: readonly Row[]): Markup {
    const json = JSON.stringify({ start, end, timeline, phases, states: states(rows) }).replaceAll("<", "\\u003c");
    return new Markup(`<script type="application/json" id="data">${json}</script>`);
}

/** Of hosts only what is not as usual, or every moment would have a long list. */
function states(rows: readonly Row[]): { readonly text: string; readonly start: number; readonly end: number }[] {
    return rows.flatMap(({ kind, bars }) =>
        bars
            .filter(({ look }) => kind === "cluster" || (kind === "state" && look !== "state on"))
            .map(({ said, start, end }) => ({ text: said, start, end })),
    );
}
