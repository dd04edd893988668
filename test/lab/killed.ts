import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { kill } from "../../lab/processes";

/** How long a program that was asked to stop may finish what it has begun. */
const STOP_MS = 120_000;

/** Ends a program and everything that it has started, at once, as when the machine crashes. */
export async function crash(child: ChildProcess): Promise<void> {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    // Listed before the first one ends: an orphan's parent is another.
    treeOf(child.pid ?? -1).forEach(kill);
    await ended;
}

/** Asks a program to stop, as a person does at a terminal; what does not end is ended. */
export async function interrupt(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGINT");
    await Promise.race([ended, pause(STOP_MS, undefined, { ref: false })]);
    await crash(child);
}

/** A process and all below it, parents first. */
function treeOf(root: number): number[] {
    const parents = new Map(
        readdirSync("/proc")
            .filter((entry) => /^\d+$/.test(entry))
            .map((entry) => [Number(entry), parentOf(entry)]),
    );
    const below = (pid: number): number[] => [
        pid,
        ...[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => below(child)),
    ];
    return root > 0 ? below(root) : [];
}

function parentOf(pid: string): number {
    try {
        return Number(
            readFileSync(`/proc/${pid}/stat`, "utf8")
                .replace(/^.*\) /s, "")
                .split(" ")[1],
        );
    } catch {
        return 0; // ended meanwhile
    }
}
