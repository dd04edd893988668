import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Counts, conclude, sum } from "./runner/counts";
import { handleInterrupts, mochaFolder, runScript } from "./runner/programs";
import { type Step, missingForLab, performAll } from "./runner/steps";

const SELECTIONS = ["unit", "contract", "engine", "lab", "all"] as const;
type Selection = (typeof SELECTIONS)[number];

/** The steps of `npm test` for a value of QUORATE_TEST. */
function stepsOf(selection: Selection): readonly Step[] {
    const script = (name: string) => (title: string) => runScript(name, title);
    const steps: readonly (Step & { readonly selectedBy: readonly Selection[] })[] = [
        { title: "build", selectedBy: ["contract", "engine", "lab", "all"], run: script("build") },
        { title: "type check", selectedBy: ["all"], run: script("typecheck") },
        { title: "lint and format", selectedBy: ["all"], run: script("lint") },
        {
            title: "unit and contract tests",
            selectedBy: ["unit", "contract", "all"],
            run: () => (selection === "all" ? sideBySide(["unit", "contract"]) : mochaFolder(selection)),
        },
        { title: "engine tests", selectedBy: ["engine", "all"], run: () => mochaFolder("engine") },
        { title: "lab tests", selectedBy: ["lab", "all"], missing: missingForLab, run: () => mochaFolder("lab") },
    ];
    return steps.filter(({ selectedBy }) => selectedBy.includes(selection));
}

/** The tests of several folders at the same time, a process for each; each shows its output as a whole when it ends. */
async function sideBySide(folders: readonly string[]): Promise<Counts> {
    const held = mkdtempSync(path.join(os.tmpdir(), "quorate-test-"));
    try {
        const runs = folders.map(async (folder) => {
            const output = path.join(held, folder);
            const file = openSync(output, "w");
            const counts = await mochaFolder(folder, file);
            closeSync(file);
            process.stdout.write(`\n-- ${folder}\n${readFileSync(output, "utf8")}`);
            return counts;
        });
        return sum(await Promise.all(runs));
    } finally {
        rmSync(held, { recursive: true, force: true });
    }
}

function selected(): Selection {
    const text = process.env["QUORATE_TEST"] ?? "all";
    const selection = SELECTIONS.find((item) => item === text);
    if (selection !== undefined) return selection;
    console.error(`QUORATE_TEST: ${text}; write one of ${SELECTIONS.join(", ")}`);
    return process.exit(2);
}

async function main(): Promise<void> {
    process.exitCode = conclude(await performAll(stepsOf(selected())));
}

handleInterrupts();
void main();
