import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { conclude } from "./runner/counts";
import { handleInterrupts, mocha, runScript } from "./runner/programs";
import { type Step, missingForLab, performAll } from "./runner/steps";

const FOLDER = "test/lab/long";
const ENDING = ".test.ts";

/** The tests that `npm run test:long` can run, by name: those that take too long for `npm test`. */
function available(): string[] {
    const folder = path.resolve(__dirname, "..", FOLDER);
    const files = existsSync(folder) ? readdirSync(folder) : [];
    return files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
}

/** The names that were asked for. Ends this process with 2, and a list of all, when there is none or an unknown one. */
function asked(): readonly string[] {
    const names = process.argv.slice(2);
    const all = available();
    const unknown = names.filter((name) => !all.includes(name));
    if (names.length > 0 && unknown.length === 0) return names;
    const why = names.length === 0 ? "no test is named" : `no long test is named ${unknown.join(" or ")}`;
    console.error(`${why}; npm run test:long -- NAME... runs one or more of: ${all.join(", ")}`);
    return process.exit(2);
}

async function main(): Promise<void> {
    const tests = asked().map((name): Step => {
        return { title: name, missing: missingForLab, run: () => mocha(name, [`${FOLDER}/${name}${ENDING}`]) };
    });
    const build: Step = { title: "build", run: (title) => runScript("build", title) };
    process.exitCode = conclude(await performAll([build, ...tests]));
}

handleInterrupts();
void main();
