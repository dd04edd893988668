import type { ProbeReport } from "../../probe/reportShape";
import type { LaneSpan, PhaseSpan } from "../../probe/spans";
import { groupBy } from "../../probe/groupBy";
import { markup, nothing, type Markup } from "./markup";
import type { TimeScale } from "./timeScale";
import { clockTime, lengthInWords } from "./words";

/** A row of the chart. */
interface Row {
    readonly label: string;
    readonly kind: "host" | "lane";
    readonly bars: readonly Bar[];
}

interface Bar {
    readonly start: number;
    readonly end: number;
    readonly text: string;
    readonly title: string;
    /** Class for its colour. */
    readonly look: string;
}

/** Phases share this many colours, in the order in which they first occur; red is left to failures. */
export const COLOURS = 8;

/** In the order in which they are shown. */
const LANE_TITLES: Readonly<Record<LaneSpan["lane"], string>> = {
    "virtual-address": "address",
    "etcd-leader": "etcd leader",
    "balancer-server": "",
    node: "node",
};

/** Names of phases in the order in which they first occur. */
export function phaseNames(phases: readonly PhaseSpan[]): string[] {
    return [...new Set(phases.map(({ phase }) => phase))];
}

/** A row for each host with its phases as bars, then one for each thing whose state has changed. */
export function lanes(report: ProbeReport, scale: TimeScale): Markup {
    const rows = [...hostRows(report), ...laneRows(report)];
    if (rows.length === 0) return nothing;
    const height = rows.length > 60 ? 14 : rows.length > 24 ? 20 : 26;
    const drawn = rows.map((row) => drawRow(row, scale, height));
    return markup`<div class="lanes${height < 20 ? " dense" : ""}" style="--row:${height}px">${drawn}</div>`;
}

function hostRows({ phases }: ProbeReport): Row[] {
    const names = phaseNames(phases);
    return [...groupBy(phases, ({ host }) => host)].map(([label, spans]) => ({
        label,
        kind: "host",
        bars: spans.map((span) => ({
            start: span.start,
            end: span.end,
            text: span.phase,
            title: `${span.host}: ${span.phase}, ${span.state}, ${clockTime(span.start)}, ${lengthInWords(span.end - span.start)}`,
            look: `c${names.indexOf(span.phase) % COLOURS} ${span.state}`,
        })),
    }));
}

const LANES = Object.keys(LANE_TITLES);

/** What kept one state all the time tells nothing. */
function laneRows({ lanes: spans }: ProbeReport): Row[] {
    const sorted = spans.toSorted((left, right) => LANES.indexOf(left.lane) - LANES.indexOf(right.lane));
    return [...groupBy(sorted, ({ lane, subject }) => `${lane}\n${subject}`).values()]
        .filter((group) => group.length > 1)
        .map((group) => ({
            label: labelOf(group[0]),
            kind: "lane",
            bars: group.map(({ subject, value, start, end }) => ({
                start,
                end,
                text: value,
                title: `${subject}: ${value}, ${clockTime(start)}, ${lengthInWords(end - start)}`,
                look: lookOf(value),
            })),
        }));
}

function labelOf(span: LaneSpan | undefined): string {
    if (span === undefined) return "";
    return span.lane === "etcd-leader" ? LANE_TITLES[span.lane] : `${LANE_TITLES[span.lane]} ${span.subject}`.trim();
}

/** States that take something out of service stand out. */
function lookOf(value: string): string {
    if (/^(down|notready|not ready|lost|none|unknown)/i.test(value)) return "state off";
    return /^(maint|drain|cordoned|schedulingdisabled)/i.test(value) ? "state held" : "state";
}

/** A bar this many percent wide has room for a character, on a screen of usual width. */
const CHARACTER = 0.72;

function drawRow({ label, kind, bars }: Row, scale: TimeScale, height: number): Markup {
    const drawn = bars.map(({ start, end, text, title, look }) => {
        const width = scale.width(start, end);
        const words = height > 14 && width > CHARACTER * (text.length + 1) ? text : "";
        return markup`<svg x="${scale.at(start)}%" width="${Math.max(width, 0.15)}%" height="${height - 4}" y="2" class="bar ${look}"><title>${title}</title><rect width="100%" height="100%" rx="3"/><text x="6" y="${height / 2 + 2}">${words}</text></svg>`;
    });
    return markup`<div class="row ${kind}"><div class="label" title="${label}">${label}</div><svg class="plot" height="${height}" role="img" aria-label="${label}: ${bars.map(({ title }) => title).join("; ")}">${drawn}</svg></div>`;
}
