import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** What one step has to say in the end; failures and skipped tests by their names. */
export interface Counts {
    readonly passed: number;
    readonly failed: readonly string[];
    readonly skipped: readonly string[];
}

const SELECTIONS = ["unit", "contract", "engine", "lab", "all"] as const;
type Selection = (typeof SELECTIONS)[number];

/** Where a program writes: to our own output, or to an open file. */
type Output = "inherit" | number;

interface Step {
    readonly title: string;
    /** Values of QUORATE_TEST that run it. */
    readonly selectedBy: readonly Selection[];
    /** Why the step cannot run here; undefined when it can. */
    readonly missing?: () => string | undefined;
    readonly run: (selection: Selection, title: string) => Promise<Counts>;
}

const STEPS: readonly Step[] = [
    { title: "build", selectedBy: ["contract", "engine", "lab", "all"], run: script("build") },
    { title: "type check", selectedBy: ["all"], run: script("typecheck") },
    { title: "lint and format", selectedBy: ["all"], run: script("lint") },
    {
        title: "unit and contract tests",
        selectedBy: ["unit", "contract", "all"],
        run: (selection) => (selection === "all" ? sideBySide(["unit", "contract"]) : mocha(selection)),
    },
    { title: "engine tests", selectedBy: ["engine", "all"], run: () => mocha("engine") },
    { title: "lab tests", selectedBy: ["lab", "all"], missing: missingForLab, run: () => mocha("lab") },
];

/** A test process that still runs so long after its last test keeps something open that nobody will close. */
const GRACE_MS = 60_000;
const checkout = path.resolve(__dirname, "..");
const mochaProgram = path.join(checkout, "node_modules/mocha/bin/mocha.js");
const running = new Set<ChildProcess>();
/** Tests that were interrupted still take down what they made; nothing new starts then. */
let interrupted = false;

function missingForLab(): string | undefined {
    if (process.platform !== "linux") return `the lab's hosts need Linux, this is ${process.platform}`;
    return process.getuid?.() === 0 ? undefined : "the lab's hosts need root; run npm test as root";
}

/** A script of package.json as one test. */
function script(name: string) {
    return async (_: Selection, title: string): Promise<Counts> => {
        const { ended } = start("npm", ["run", "--silent", name]);
        const failure = await ended;
        return failure === undefined
            ? { passed: 1, failed: [], skipped: [] }
            : { passed: 0, failed: [`${title}: npm run ${name} ${failure}`], skipped: [] };
    };
}

/** The tests of several folders at the same time, a process for each; each shows its output as a whole when it ends. */
async function sideBySide(folders: readonly string[]): Promise<Counts> {
    const held = mkdtempSync(path.join(os.tmpdir(), "quorate-test-"));
    try {
        const runs = folders.map(async (folder) => {
            const output = path.join(held, folder);
            const file = openSync(output, "w");
            const counts = await mocha(folder, file);
            closeSync(file);
            process.stdout.write(`\n-- ${folder}\n${readFileSync(output, "utf8")}`);
            return counts;
        });
        return sum(await Promise.all(runs));
    } finally {
        rmSync(held, { recursive: true, force: true });
    }
}

/** All tests of a folder in one process; a process that ends without counts has failed as a whole. */
async function mocha(folder: string, output: Output = "inherit"): Promise<Counts> {
    // Whatever the environment says: a log is read as text.
    const colors = process.stdout.isTTY === true ? [] : ["--no-color"];
    const reporter = ["--reporter", "test/countingReporter.ts", ...colors];
    const { child, ended } = start(
        process.execPath,
        [mochaProgram, ...reporter, `test/${folder}/**/*.test.ts`],
        output,
    );
    let counts: Counts | undefined;
    let hung = false;
    child.on("message", (message) => {
        counts = message as Counts;
        setTimeout(() => (hung = child.kill("SIGKILL")), GRACE_MS).unref();
    });
    const failure = await ended;
    if (counts === undefined)
        return { passed: 0, failed: [`${folder}: mocha ${failure ?? "ended early"}`], skipped: [] };
    if (!hung) return counts;
    const seconds = GRACE_MS / 1000;
    return {
        ...counts,
        failed: [...counts.failed, `${folder}: still ran ${seconds} s after the last test; close what it opened`],
    };
}

function sum(results: readonly Counts[]): Counts {
    return {
        passed: results.reduce((total, { passed }) => total + passed, 0),
        failed: results.flatMap(({ failed }) => failed),
        skipped: results.flatMap(({ skipped }) => skipped),
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

async function perform({ title, missing, run }: Step, selection: Selection): Promise<Counts> {
    const reason = missing?.();
    if (reason !== undefined) {
        console.log(`\n== ${title}: skipped: ${reason}`);
        return { passed: 0, failed: [], skipped: [`${title}: ${reason}`] };
    }
    console.log(`\n== ${title}`);
    const started = Date.now();
    const counts = await run(selection, title);
    const verdict = counts.failed.length === 0 ? "ok" : `${counts.failed.length} failed`;
    console.log(`== ${title}: ${verdict}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return counts;
}

function selected(): Selection {
    const text = process.env["QUORATE_TEST"] ?? "all";
    const selection = SELECTIONS.find((item) => item === text);
    if (selection !== undefined) return selection;
    console.error(`QUORATE_TEST: ${text}; write one of ${SELECTIONS.join(", ")}`);
    return process.exit(2);
}

async function main(): Promise<void> {
    const selection = selected();
    const results: Counts[] = [];
    for (const step of STEPS.filter(({ selectedBy }) => selectedBy.includes(selection))) {
        results.push(await perform(step, selection));
        if (interrupted) return process.exit(130);
    }
    const { passed, failed, skipped } = sum(results);
    console.log("");
    for (const name of skipped) console.log(`skipped: ${name}`);
    for (const name of failed) console.log(`failed: ${name}`);
    console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
    process.exitCode = failed.length === 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
        interrupted = true;
        // A terminal has told them SIGINT already.
        for (const child of running) child.kill("SIGTERM");
    });
}

void main();
