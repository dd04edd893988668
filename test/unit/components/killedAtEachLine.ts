import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
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
    /** Kills at every so many lines only. */
    readonly stride?: number;
}

/** Belongs to the tests, or tells how often a step ran. */
const OWN = /^\/(fakes|programs|calls|lines|command|tmp$|run\/quorate\.lock$|var\/log\/quorate)/;

/**
 * Runs a step once undisturbed. Then kills it at each of its lines, subshells included, runs it again, and asserts that
 * the end is the same: files with modes and contents (where fakes keep the state of their services, too), and what the
 * step answers. The host is each time as it is when this is called.
 *
 * A kill that left the same host behind as an earlier one is not followed by a second run, which would do the same again.
 */
export function assertSameEndWhenKilled(
    host: BashHost,
    script: Partial<HostScript> | string,
    killing: Killing = {},
): void {
    const restore = host.save();
    const whole = run(host, script, killing);
    assert.equal(whole.code, 0, `undisturbed: ${whole.stderr}`);
    const lines = readFileSync(host.at("/lines"), "utf8").length;
    const wanted = end(host, killing);
    const seen = new Set<string>();
    for (let line = 1; line <= lines; line += killing.stride ?? 1) {
        restore();
        const broken = run(host, script, killing, line);
        if (broken.code === 0) continue;
        killing.between?.(host);
        const answered = broken.stdout !== "";
        const left = JSON.stringify([answered, end(host, {})]);
        if (seen.has(left)) continue;
        seen.add(left);
        const where = `killed at line ${line} of ${lines}, ${lastLine(host)}`;
        const again = run(host, script, killing);
        assert.equal(again.code, 0, `${where}: ${again.stderr}`);
        assert.deepEqual(end(host, killing), wanted, where);
        // Once it has answered it may have forgotten what it did.
        if (!answered) assert.deepEqual(answer(again, killing), answer(whole, killing), where);
        killing.check?.(host, line);
    }
}

/** As after a power cut: what lay in memory is gone. */
export function reboot(host: BashHost): void {
    rmSync(host.at("/run"), { recursive: true, force: true });
}

/** With `killAt` the whole step ends before its command of that number; the commands are counted across subshells. */
function run(host: BashHost, script: Partial<HostScript> | string, { stdin }: Killing, killAt?: number): Finished {
    const count = host.at("/lines");
    rmSync(count, { force: true });
    rmSync(host.at("/command"), { force: true });
    const kill = `[ \${#quorate_lines} -lt ${killAt} ] || { printf %s "$BASH_COMMAND" >${host.at("/command")}; kill -KILL $$ $BASHPID; }`;
    const trap = `printf . >>${count}; IFS= read -r quorate_lines <${count} || :; ${killAt === undefined ? ":" : kill}`;
    const text =
        typeof script === "string"
            ? script
            : renderHostScript({ step: "test", body: "", ...script, bringsLibrary: true });
    const prelude = `mkdir -p ${host.at("/tmp")}; export TMPDIR=${host.at("/tmp")}; set -T; trap '${trap}' DEBUG\n`;
    return host.run(prelude + text, stdin);
}

function lastLine(host: BashHost): string {
    return existsSync(host.at("/command")) ? host.read("/command") : "";
}

function end(host: BashHost, { ignore, normalise = same }: Killing): Record<string, string> {
    const kept = [...host.tree()].filter(([path]) => !OWN.test(path) && !ignore?.test(path));
    return Object.fromEntries(kept.sort().map(([path, content]) => [path, normalise(content)]));
}

/** The list of changes without an order, or what the body itself has said. */
function answer({ stdout }: Finished, { normalise = same }: Killing): unknown {
    if (!stdout.startsWith('{"changed":')) return normalise(stdout);
    return (JSON.parse(stdout) as { changed: string[] }).changed.sort();
}

function same(content: string): string {
    return content;
}
