import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { LabError, exitCode } from "./errors";
import { stateDirectory } from "./settings";

/** Runs work that changes the lab, one at a time on a machine. @throws LabError with status 75 when another runs */
export async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
    const file = lockFile();
    take(file);
    const release = (): void => rmSync(file, { force: true });
    process.once("exit", release);
    try {
        return await work();
    } finally {
        process.removeListener("exit", release);
        release();
    }
}

/** Beside the state folder, because `down` removes that. */
function lockFile(): string {
    return `${stateDirectory()}.lock`;
}

function take(file: string): void {
    mkdirSync(path.dirname(file), { recursive: true });
    for (const attempt of [1, 2]) {
        try {
            writeFileSync(file, identity(process.pid) ?? "", { flag: "wx" });
            return;
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        }
        const holder = readFileSync(file, "utf8");
        const pid = Number(holder.split(" ")[0]);
        if (attempt === 2 || (pid && identity(pid) === holder)) {
            throw new LabError(`the lab is being changed by process ${pid}; wait until it has ended`, exitCode.locked);
        }
        rmSync(file, { force: true });
    }
}

/** A process's number and start time: numbers are used again, the pair is not. */
function identity(pid: number): string | undefined {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const startTime = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
        return `${pid} ${startTime}`;
    } catch {
        return undefined;
    }
}
