import type { Bar, Row } from "./chartRows";
import { markup, nothing, type Markup } from "./markup";
import type { TimeScale } from "./timeScale";
import { clockTime, lengthInWords } from "./words";

/** Heights in pixels, by how many hosts there are. */
interface Heights {
    readonly row: number;
    readonly state: number;
}

const LOOSE: Heights = { row: 26, state: 16 };
const CLOSE: Heights = { row: 20, state: 12 };
const DENSE: Heights = { row: 14, state: 5 };

/** Bars lower than this have no words; rows lower than this have no label. */
const LEAST_WORDS = 12;
const LEAST_LABEL = 10;

/** Rows with bars over time. */
export function lanes(rows: readonly Row[], scale: TimeScale): Markup {
    if (rows.length === 0) return nothing;
    const hosts = rows.filter(({ kind }) => kind !== "state").length;
    const heights = hosts > 60 ? DENSE : hosts > 24 ? CLOSE : LOOSE;
    const drawn = rows.map((row) => drawRow(row, scale, row.kind === "state" ? heights.state : heights.row));
    const look = heights === DENSE ? "lanes dense" : "lanes";
    return markup`<div class="${look}" style="--row:${heights.row}px;--state:${heights.state}px">${drawn}</div>`;
}

function drawRow({ label, kind, bars }: Row, scale: TimeScale, height: number): Markup {
    const shown = height < LEAST_LABEL ? "" : label;
    const words = `${label}: ${bars.map(titleOf).join("; ")}`;
    return markup`<div class="row ${kind}"><div class="label" title="${label}">${shown}</div><svg class="plot" height="${height}" role="img" aria-label="${words}">${bars.map((bar) => drawBar(bar, scale, height, kind))}</svg></div>`;
}

/** A bar this many percent wide has room for a character, on a screen of usual width. */
const CHARACTER = 0.72;

function drawBar(bar: Bar, scale: TimeScale, row: number, kind: Row["kind"]): Markup {
    const { start, end, text, look, track, tracks } = bar;
    const gap = kind === "state" ? 1 : 2;
    const height = (row - 2 * gap) / tracks;
    const width = scale.width(start, end);
    const words = height >= LEAST_WORDS && width > CHARACTER * (text.length + 1) ? text : "";
    const left = scale.at(start);
    return markup`<svg x="${left}%" width="${Math.max(width, 0.15)}%" y="${gap + track * height}" height="${height}" class="bar ${look}"><title>${titleOf(bar)}</title><rect width="100%" height="100%" rx="3"/>${words === "" ? nothing : markup`<text x="6" y="${height / 2 + 4}">${words}</text>`}</svg>`;
}

function titleOf({ said, start, end }: Bar): string {
    return `${said}, ${clockTime(start)}, ${lengthInWords(end - start)}`;
}
