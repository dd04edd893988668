import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { type HostScript, renderHostScript } from "../../../components/command/hostScript";
import type { BashHost, Finished } from "./bashHost";

export interface Killing {
    /** What the step reads, secrets for example. */
    readonly stdin?: string;
    /** What happens to the host between the kill and the next run. */
    readonly between?: (host: BashHost) => void;
    /** Paths in which the end may differ from that of an undisturbed run. */
    readonly ignore?: RegExp;
    /** Hides what differs from run to run by design: random secrets, dates. */
    readonly normalise?: (content: string) => string;
    /** What must hold after the second run besides an equal end; `line` is where the first was killed. */
    readonly check?: (host: BashHost, line: number) => void;
}

/** For tests that kill: a busy machine takes long for so many runs. */
export const KILL_TIMEOUT_MS = 300_000;

/** More kills take too long for every day; `QUORATE_KILLS=all` leaves none out. */
const KILLS = process.env["QUORATE_KILLS"] === "all" ? Infinity : 6;

/** Belongs to the tests, or tells how often a step ran. */
const OWN = /^\/(fakes|programs|calls|lines.*|command|tmp$|run\/quorate\.lock$|var\/log\/quorate)/;

/**
 * Runs a step once undisturbed. Then kills it at its lines, subshells included, runs it again, and asserts that the end is
 * the same: files with modes and contents (where fakes keep the state of their services, too), and what the step answers.
 * The host is each time as it is when this is called.
 *
 * Of lines that leave the same host behind only the first counts: what follows from them is the same.
 */
export function assertSameEndWhenKilled(
    host: BashHost,
    script: Partial<HostScript> | string,
    killing: Killing = {},
): void {
    const restore = host.save();
    const whole = run(host, script, killing, LOOK);
    assert.equal(whole.code, 0, `undisturbed: ${whole.stderr}`);
    const lines = linesThatMatter(host);
    const wanted = end(host, killing);
    for (const line of spread(lines, KILLS)) {
        restore();
        const broken = run(host, script, killing, killAt(line));
        // A step that waits has a line more or less each time: this run had ended before that one came.
        if (!host.exists("/command")) continue;
        const where = `killed before line ${line}, ${host.read("/command")}`;
        killing.between?.(host);
        const again = run(host, script, killing);
        assert.equal(again.code, 0, `${where}: ${again.stderr}`);
        assert.deepEqual(end(host, killing), wanted, where);
        // Once it has answered it may have forgotten what it did.
        if (broken.stdout === "") assertAnswersAll(again, whole, killing, where);
        killing.check?.(host, line);
    }
}

/** At most so many of the items, the first and the last among them. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
    if (items.length <= count) return items;
    return Array.from(
        { length: count },
        (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))] as T,
    );
}

/** Lines before which the host looks different than before the line ahead of them. */
function linesThatMatter(host: BashHost): readonly number[] {
    const lines: number[] = [];
    const count = host.read("/lines").length;
    let before: string | undefined;
    for (let line = 1; line <= count; line++) {
        if (!host.exists(`/lines.${line}`)) continue;
        const now = host.read(`/lines.${line}`);
        if (now !== before) lines.push(line);
        before = now;
    }
    return lines;
}

/** As after a power cut: what lay in memory is gone. */
export function reboot(host: BashHost): void {
    rmSync(host.at("/run"), { recursive: true, force: true });
}

/** Lines that change nothing but a variable: tests and assignments without a substitution or a redirection. */
const LOOKS_ONLY = String.raw`^((\[|\[\[|local|return|case|shift|read)( |$)|[a-z_]+=[^ ]*$)`;

/** Writes down before a line how the host looks, unless it is clear that nothing changed it since the line ahead. */
const LOOK = `
    [ $((\${#quorate_lines} - quorate_count)) = 1 ] && [[ $quorate_before =~ $quorate_looks_only && $quorate_before != *[\\>\\(]* ]] ||
        find "$quorate_host" -mindepth 1 -regextype posix-extended \\
            -regex "$quorate_host/(fakes|programs|calls|lines.*|var/log/quorate)" -prune \\
            -o -printf "%p %m %s %i %C@\\n" >"$quorate_host/lines.\${#quorate_lines}"
    quorate_before=$BASH_COMMAND quorate_count=\${#quorate_lines}`;

/** Ends the whole step before its line of that number. */
function killAt(line: number): string {
    return `[ \${#quorate_lines} -lt ${line} ] || {
        printf %s "$BASH_COMMAND" >"$quorate_host/command"
        kill -KILL $$ $BASHPID
    }`;
}

/** Runs a step with something to do before each of its lines, which are counted across subshells. */
function run(host: BashHost, script: Partial<HostScript> | string, { stdin }: Killing, each?: string): Finished {
    rmSync(host.at("/lines"), { force: true });
    const step =
        typeof script === "string"
            ? script
            : renderHostScript({ step: "test", body: "", ...script, bringsLibrary: true });
    const counted = `printf . >>"$quorate_host/lines"; IFS= read -r quorate_lines <"$quorate_host/lines" || :`;
    // What a kill leaves is not lost with it, so nothing needs to wait for the disk.
    const prelude = [
        `quorate_host=${host.at("")}`,
        'mkdir -p "$quorate_host/tmp"; export TMPDIR=$quorate_host/tmp',
        "sync() { :; }",
        `quorate_before= quorate_count=0 quorate_looks_only='${LOOKS_ONLY}'`,
        ...(each === undefined ? [] : [`set -T; trap '${counted}; ${each}' DEBUG`]),
    ];
    return host.run(`${prelude.join("\n")}\n${step}`, stdin);
}

function end(host: BashHost, { ignore, normalise = same }: Killing): Record<string, string> {
    const kept = [...host.tree()].filter(([path]) => !OWN.test(path) && !ignore?.test(path));
    return Object.fromEntries(kept.sort().map(([path, content]) => [path, normalise(content)]));
}

/** A list of changes may hold more: what was loaded already is loaded again. What the body itself says is the same. */
function assertAnswersAll(again: Finished, whole: Finished, { normalise = same }: Killing, where: string): void {
    const [said, wanted] = [changes(again), changes(whole)];
    if (wanted === undefined) assert.equal(normalise(again.stdout), normalise(whole.stdout), where);
    else
        assert.deepEqual(
            wanted.filter((change) => !said?.includes(change)),
            [],
            `${where}: changed and not told`,
        );
}

function changes({ stdout }: Finished): readonly string[] | undefined {
    if (!stdout.startsWith('{"changed":')) return undefined;
    return (JSON.parse(stdout) as { changed: string[] }).changed;
}

function same(content: string): string {
    return content;
}
