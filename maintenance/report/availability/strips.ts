import type { ProbeReport, TimelineSeries } from "../../probe/reportShape";
import { markup, Markup } from "./markup";
import type { TimeScale } from "./timeScale";
import { countInWords, elapsed, lengthInWords, plural } from "./words";

const TITLES: Readonly<Record<TimelineSeries["group"], string>> = { ingress: "Ingress", api: "API" };

/** Latencies are drawn on a logarithmic scale from 1 ms to 10 s. */
const DECADES = 4;
const HEIGHT = 100;
const SCALE = markup`<i style="top:25%">1 s</i><i style="top:50%">100 ms</i><i style="top:75%">10 ms</i>`;

/** For each group of targets: latencies, and requests with failures as columns. */
export function strips(report: ProbeReport): Markup {
    const { series, width } = report.timeline;
    return markup`${series.map((one) => strip(one, width))}`;
}

function strip(series: TimelineSeries, width: number): Markup {
    const { group, sent, failed, median, worst } = series;
    const spans = sent.length;
    const most = Math.max(1, ...sent);
    const total = sent.reduce((sum, count) => sum + count, 0);
    const lost = failed.reduce((sum, count) => sum + count, 0);
    const slowest = lengthInWords(Math.max(0, ...worst));
    const words = `${TITLES[group]}: ${plural(total, "request")}, ${countInWords(lost)} failed, slowest ${slowest}`;
    return markup`<div class="row strip"><div class="label"><b>${TITLES[group]}</b><span>latency</span>${SCALE}</div>
<svg class="plot latency" viewBox="0 0 ${spans} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${words}">
${grid(spans)}<path class="worst" d="${area(worst)}"/><path class="median" d="${line(median)}"/></svg></div>
<div class="row strip"><div class="label"><span>requests per ${lengthInWords(width)}, ${countInWords(most)} at most</span></div>
<svg class="plot rate" viewBox="0 0 ${spans} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
<path class="sent" d="${columns(sent, most)}"/><path class="failed" d="${columns(failed, most, LEAST)}"/></svg></div>`;
}

function grid(spans: number): Markup {
    const lines = [1, 2, 3].map((decade) => `M0 ${HEIGHT - (decade * HEIGHT) / DECADES}H${spans}`);
    return new Markup(`<path class="grid" d="${lines.join("")}"/>`);
}

function level(milliseconds: number): number {
    const share = Math.log10(Math.max(1, milliseconds)) / DECADES;
    return Math.round((HEIGHT - Math.min(1, share) * HEIGHT) * 10) / 10;
}

function area(values: readonly number[]): string {
    return values.map((value, index) => `M${index} ${HEIGHT}V${level(value)}h1V${HEIGHT}z`).join("");
}

function line(values: readonly number[]): string {
    return values.map((value, index) => `${index === 0 ? "M" : "L"}${index + 0.5} ${level(value)}`).join("");
}

/** One failure among hundreds of requests must be seen: no column of failures is lower than this share of the height. */
const LEAST = 0.25;

function columns(counts: readonly number[], most: number, least = 0): string {
    return counts
        .map((count, index) => ({ share: count === 0 ? 0 : Math.max(count / most, least), index }))
        .filter(({ share }) => share > 0)
        .map(({ share, index }) => `M${index} ${HEIGHT}v${-Math.round(share * HEIGHT * 10) / 10}h1V${HEIGHT}z`)
        .join("");
}

/** Vertical lines across the whole chart where requests failed, one for each span of time. */
export function failureMarks(report: ProbeReport, scale: TimeScale): Markup {
    const { width, series } = report.timeline;
    const spans = Math.max(0, ...series.map(({ failed }) => failed.length));
    const marks = Array.from({ length: spans }, (_, index) => ({
        count: series.reduce((sum, { failed }) => sum + (failed[index] ?? 0), 0),
        start: report.start + index * width,
    })).filter(({ count }) => count > 0);
    return markup`${marks.map(
        ({ count, start }) =>
            markup`<rect x="${scale.at(start)}%" width="${Math.max(0.15, scale.width(start, start + width))}%" height="100%"><title>${plural(count, "request")} failed at ${elapsed(start - report.start)}</title></rect>`,
    )}`;
}
