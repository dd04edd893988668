import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { run } from "../process";
import type { Progress } from "../progress";
import { projectDirectory } from "./pulumi";

/** The folders that `npm run build` compiles. */
const SOURCES = ["model", "steps", "components", "maintenance", "lab"];

/** Compiles quorate and the lab's engine where a source is newer than what was compiled last. */
export async function ensureCompiled(progress: Progress): Promise<void> {
    if (!(await isStale())) return;
    await progress.during("quorate and the lab's engine compiled", () =>
        run("npm", ["run", "--silent", "build"], { cwd: projectDirectory }),
    );
}

/** Whether a source is newer than the last compilation, or there was none. */
async function isStale(): Promise<boolean> {
    const built = await modified(path.join(projectDirectory, "dist/.tsbuildinfo"));
    const times = await Promise.all(SOURCES.map((folder) => newestIn(path.join(projectDirectory, folder))));
    return Math.max(...times) > built;
}

async function newestIn(folder: string): Promise<number> {
    const files = await readdir(folder, { recursive: true });
    const times = await Promise.all(
        files.filter((file) => file.endsWith(".ts")).map((file) => modified(path.join(folder, file))),
    );
    return Math.max(0, ...times);
}

/** Milliseconds since 1970; 0 for a file that is not there. */
async function modified(file: string): Promise<number> {
    return (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
}
