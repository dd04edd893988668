import { readFileSync } from "node:fs";
import * as path from "node:path";
import { shellQuote } from "../../steps/shellQuote";

/** Where a host keeps quorate's own functions; put there by the step that prepares it. */
export const LIBRARY_DIRECTORY = "/usr/local/lib/quorate";

const FILE_END = "QUORATE_FILE";

/** A file a step puts onto its host; no secret may stand in it, because previews show it. */
export interface HostFile {
    readonly path: string;
    /** Octal permissions, for example `0644`. */
    readonly mode: string;
    readonly content: string;
}

/** One step on one host, as data. */
export interface HostScript {
    /** Names the step in logs on the host: `prepare`, `load-balancer`. */
    readonly step: string;
    /** Become shell variables, arrays from lists. */
    readonly settings?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
    readonly files?: readonly HostFile[];
    /** Bash, run after the files are in place. */
    readonly body: string;
    /** Runs with the functions in the text itself, for the step that installs them. */
    readonly bringsLibrary?: boolean;
    /** Runs without the functions, the log and the turn, and prints its result itself: for a host that is not ours yet. */
    readonly alone?: boolean;
    /** `own`: the body prints its result itself, in place of the list of changes. */
    readonly output?: "own";
}

/** Whose a host must be before a step does anything on it. */
export interface Owner {
    readonly cluster: string;
    readonly host: string;
}

/** Reads a host script that lies beside its component. */
export function loadScript(directory: string, name: string): string {
    return readFileSync(path.join(directory, name), "utf8");
}

/** The functions that all steps share. */
export function stepLibrary(): string {
    return loadScript(__dirname, "steps.sh");
}

/**
 * The text of a step: settings, files, body. Stable for equal input, so that a preview shows real changes only.
 * @param owner the step does nothing on a host without this mark
 * @throws Error when a file holds the line that ends it
 */
export function renderHostScript(script: HostScript, owner?: Owner): string {
    const whose = owner === undefined ? "" : ` ${owner.cluster} ${owner.host}`;
    return [
        `# quorate: ${script.step}`,
        "set -euo pipefail",
        ...(script.alone ? [] : [functionsOf(script), `begin ${script.step}${whose}`]),
        ...Object.entries(script.settings ?? {}).map(([name, value]) => `${name}=${renderValue(value)}`),
        ...(script.files ?? []).map(renderFile),
        script.body.trimEnd(),
        ...(script.alone ? [] : [script.output === "own" ? "settle" : "finish"]),
        "",
    ].join("\n");
}

function functionsOf({ bringsLibrary }: HostScript): string {
    return bringsLibrary ? stepLibrary().trimEnd() : `. ${LIBRARY_DIRECTORY}/steps.sh`;
}

function renderValue(value: string | number | boolean | readonly string[]): string {
    if (typeof value === "object") return `(${value.map(shellQuote).join(" ")})`;
    return shellQuote(String(value));
}

function renderFile({ path: target, mode, content }: HostFile): string {
    if (content.split("\n").includes(FILE_END))
        throw new Error(`${target}: the line ${FILE_END} cannot stand in a file`);
    const text = content.endsWith("\n") || content === "" ? content : `${content}\n`;
    return `put_file ${mode} ${shellQuote(target)} <<'${FILE_END}'\n${text}${FILE_END}`;
}
