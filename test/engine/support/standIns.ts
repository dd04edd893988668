import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../../..");
let built = false;

/** Compiles the stand-ins, which run as they are built; the first caller of a test process does it for all. */
export function buildStandIns(): void {
    if (built) return;
    const args = [require.resolve("typescript/bin/tsc"), "--project", "tsconfig.build.json"];
    const { error, status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`the stand-ins cannot be built: ${stdout}`);
    built = true;
}

/** Path of a compiled stand-in. */
export function standInProgram(name: "command" | "kubernetes"): string {
    buildStandIns();
    return join(root, "dist/lab/engine", name, "main.js");
}
