import type { ProbeReport } from "../../probe/reportShape";
import { COLOURS, lanes, phaseNames } from "./lanes";
import { markup, Markup, nothing } from "./markup";
import { failureMarks, strips } from "./strips";
import { timeScale } from "./timeScale";
import { elapsed } from "./words";

/** The chart: what was done to which host, above what users would have felt, on one axis of time. */
export function chart(report: ProbeReport): Markup {
    const scale = timeScale(report);
    const ticks = scale.ticks.map((tick) => ({ left: scale.at(report.start + tick), text: elapsed(tick) }));
    return markup`<section aria-labelledby="what-happened"><h2 id="what-happened">What happened when</h2>
${legend(report)}
<div class="chart" id="chart" tabindex="0" aria-label="Chart over time; arrow keys move the reading line">
<div class="over"><div></div><svg class="plot" aria-hidden="true">${ticks.map(({ left }) => markup`<line x1="${left}%" x2="${left}%" y2="100%"/>`)}</svg></div>
${lanes(report, scale)}
<div class="strips">${strips(report)}
<div class="row axis"><div class="label"><span>since ${report.startedAt.slice(11, 19)} UTC</span></div><div class="plot">${ticks.map(({ left, text }) => markup`<span style="left:${left}%">${text}</span>`)}</div></div></div>
<div class="over"><div></div><div class="plot"><svg class="plot marks" aria-hidden="true">${failureMarks(report, scale)}</svg><div id="cursor" hidden></div></div></div>
</div>
<p id="reading" role="status">Point at the chart, or focus it and use the arrow keys, to read it.</p>
${data(report)}</section>`;
}

function legend({ phases }: ProbeReport): Markup {
    const names = phaseNames(phases);
    if (names.length === 0) return nothing;
    const entries = names.map((name, index) => markup`<li class="c${index % COLOURS}"><i></i>${name}</li>`);
    return markup`<ul class="legend">${entries}<li class="failure"><i></i>failed requests</li></ul>`;
}

/** What the script reads out. In a script element only `<` could end the element; JSON has an escape for it. */
function data({ start, end, timeline, phases }: ProbeReport): Markup {
    const json = JSON.stringify({ start, end, timeline, phases }).replaceAll("<", "\\u003c");
    return new Markup(`<script type="application/json" id="data">${json}</script>`);
}
