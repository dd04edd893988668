import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { Counts } from "./counts";

/** Where a program writes: to our own output, or to an open file. */
export type Output = "inherit" | number;

/** A test process that still runs so long after its last test keeps something open that nobody will close. */
const GRACE_MS = 60_000;
/** Each takes long: run by name. */
const LONG = "test/lab/long/**";
const checkout = path.resolve(__dirname, "../..");
const mochaProgram = path.join(checkout, "node_modules/mocha/bin/mocha.js");
const running = new Set<ChildProcess>();
/** Tests that were interrupted still take down what they made; nothing new starts then. */
let interrupted = false;

/** Passes signals on to what runs; from then on {@link wasInterrupted}. */
export function handleInterrupts(): void {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.on(signal, () => {
            interrupted = true;
            // A terminal has told them SIGINT already.
            for (const child of running) child.kill("SIGTERM");
        });
    }
}

/** Whether a signal came. */
export function wasInterrupted(): boolean {
    return interrupted;
}

/** A script of package.json as one test. */
export async function runScript(name: string, title: string): Promise<Counts> {
    const failure = await start("npm", ["run", "--silent", name]).ended;
    return failure === undefined
        ? { passed: 1, failed: [], skipped: [] }
        : { passed: 0, failed: [`${title}: npm run ${name} ${failure}`], skipped: [] };
}

/** All tests of a folder of `test` in one process, without those that are run by name. */
export function mochaFolder(folder: string, output: Output = "inherit"): Promise<Counts> {
    return mocha(folder, ["--ignore", LONG, `test/${folder}/**/*.test.ts`], output);
}

/** Tests in one process; a process that ends without counts has failed as a whole, under the name given. */
export async function mocha(name: string, words: readonly string[], output: Output = "inherit"): Promise<Counts> {
    // Whatever the environment says: a log is read as text.
    const colors = process.stdout.isTTY === true ? [] : ["--no-color"];
    const reporter = ["--reporter", "test/runner/countingReporter.ts", ...colors];
    const { child, ended } = start(process.execPath, [mochaProgram, ...reporter, ...words], output);
    let counts: Counts | undefined;
    let hung = false;
    child.on("message", (message) => {
        counts = message as Counts;
        setTimeout(() => (hung = child.kill("SIGKILL")), GRACE_MS).unref();
    });
    const failure = await ended;
    if (counts === undefined) return { passed: 0, failed: [`${name}: mocha ${failure ?? "ended early"}`], skipped: [] };
    if (!hung) return counts;
    const seconds = GRACE_MS / 1000;
    return {
        ...counts,
        failed: [...counts.failed, `${name}: still ran ${seconds} s after the last test; close what it opened`],
    };
}

/** Starts a program whose output is ours or goes to a file; `ended` tells how it failed, if it did. */
function start(
    program: string,
    args: readonly string[],
    output: Output = "inherit",
): { child: ChildProcess; ended: Promise<string | undefined> } {
    const child = spawn(program, args, { cwd: checkout, stdio: ["ignore", output, output, "ipc"] });
    running.add(child);
    const ended = new Promise<string | undefined>((resolve) => {
        child.once("error", (error) => resolve(`did not start: ${error.message}`));
        child.once("exit", (code, signal) =>
            resolve(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`),
        );
    });
    void ended.finally(() => running.delete(child));
    return { child, ended };
}
