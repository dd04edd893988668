import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Duration } from "../../model/duration";
import { Version } from "../../model/version";

export const root = path.resolve(__dirname, "../..");
export const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const readme = read("README.md");

/** Objects whose keys are the user's own. */
const FREE_FORM = ["pools[].labels"];

/** Values by key path; items of lists share one path: `hosts[].name`. */
export function leaves(value: unknown, at = ""): [string, unknown][] {
    if (Array.isArray(value) && value.some((item) => typeof item === "object")) {
        return [[at, value], ...value.flatMap((item) => leaves(item, `${at}[]`))];
    }
    const plain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
    if (!plain || FREE_FORM.includes(at)) return [[at, value]];
    return Object.entries(value).flatMap(([key, item]) => leaves(item, at === "" ? key : `${at}.${key}`));
}

/** A row of a reference table: what it is about in backticks, its default, and all cells. */
export interface Row {
    readonly key: string;
    readonly byDefault: string;
    readonly cells: readonly string[];
}

/** README's text from one line to another one. */
export function between(from: string, to: string): string {
    const [start, end] = [readme.indexOf(`${from}\n`), readme.indexOf(`${to}\n`)];
    assert.ok(start >= 0 && end > start, `README.md has no "${from}" before "${to}"`);
    return readme.slice(start, end);
}

/** The rows of all tables there whose first cell is one piece of code. */
export function rowsBetween(from: string, to: string): Row[] {
    return [...between(from, to).matchAll(/^\| `([^`]+)` *\|(.*)\|$/gm)].map(([, key = "", rest = ""]) => {
        const cells = rest.split("|").map((cell) => cell.trim());
        return { key, byDefault: cells[0] ?? "", cells: [key, ...cells] };
    });
}

/** Whether a cell says the same as the value that a parser fills in. */
export function saysDefault(cell: string, value: unknown): boolean {
    const text = cell.replaceAll("`", "");
    if (value === undefined) return text === "none";
    if (value instanceof Duration) return Duration.parse(text).milliseconds === value.milliseconds;
    if (value instanceof Version) return Version.parse(text).equals(value);
    return text === (Array.isArray(value) ? JSON.stringify(value) : String(value));
}

/** The block of code after a marker `<!-- test: ... -->`. */
export function fenced(marker: string): string {
    const [, block] = new RegExp(`<!-- test: ${marker} -->\\s+\`\`\`\\w*\\n([^]*?)\`\`\``).exec(readme) ?? [];
    assert.ok(block, `README.md has no block "${marker}"`);
    return block;
}
