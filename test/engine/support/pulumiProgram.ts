import { existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ensurePulumi } from "../../../lab/artifacts/bundle";
import { LabError } from "../../../lab/errors";
import { Progress } from "../../../lab/progress";

/** The `pulumi` to test with, or why none can be had here. */
export type PulumiProgram = { readonly path: string } | { readonly missing: string };

let asked: Promise<PulumiProgram> | undefined;

/**
 * The `pulumi` that QUORATE_PULUMI names, else the one on the PATH, else the lab's, which is downloaded or built when the
 * cache is empty; looked for once.
 * @throws when QUORATE_PULUMI names no file
 */
export function pulumiProgram(): Promise<PulumiProgram> {
    return (asked ??= find());
}

async function find(): Promise<PulumiProgram> {
    const named = process.env["QUORATE_PULUMI"];
    if (named) {
        if (isFile(named)) return { path: named };
        throw new Error(`QUORATE_PULUMI: ${named}; expected: the path of a pulumi program`);
    }
    const folders = (process.env["PATH"] ?? "").split(delimiter);
    const onPath = folders.map((folder) => join(folder, "pulumi")).find(isFile);
    if (onPath !== undefined) return { path: onPath };
    const advice = "put pulumi on the PATH or set QUORATE_PULUMI to its path";
    if (process.platform !== "linux") return { missing: `the lab's pulumi is for Linux; ${advice}` };
    try {
        return { path: await ensurePulumi(new Progress()) };
    } catch (error) {
        const cannot = error instanceof LabError || (error as NodeJS.ErrnoException).code === "EACCES";
        if (!cannot) throw error;
        return { missing: `pulumi cannot be made: ${(error as Error).message}; ${advice}` };
    }
}

function isFile(path: string): boolean {
    return existsSync(path) && statSync(path).isFile();
}
