import { readFileSync, readdirSync } from "node:fs";

/** A process of this machine. */
export interface MachineProcess {
    readonly pid: number;
    /** Its program and arguments. */
    readonly words: readonly string[];
}

/** Every process there is, this program excepted. */
export function machineProcesses(): MachineProcess[] {
    return readdirSync("/proc")
        .filter((entry) => /^\d+$/.test(entry))
        .map(Number)
        .filter((pid) => pid !== process.pid)
        .map((pid) => ({ pid, words: commandLine(pid) }));
}

/** Ends a process without a chance to object; one that is gone already is fine. */
export function kill(pid: number): void {
    try {
        process.kill(pid, "SIGKILL");
    } catch {
        // ended in the meantime
    }
}

function commandLine(pid: number): string[] {
    try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    } catch {
        return [];
    }
}
