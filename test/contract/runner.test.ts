import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const checkout = path.resolve(__dirname, "../..");

describe("the runner behind npm test", () => {
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(path.join(os.tmpdir(), "quorate-runner-"));
        mkdirSync(path.join(folder, "test/unit"), { recursive: true });
        for (const file of [
            "package.json",
            "tsconfig.json",
            ".mocharc.json",
            "test/run.ts",
            "test/long.ts",
            "test/runner",
        ]) {
            cpSync(path.join(checkout, file), path.join(folder, file), { recursive: true });
        }
        symlinkSync(path.join(checkout, "node_modules"), path.join(folder, "node_modules"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    /** Runs unit tests of this text; answers the exit code and the last lines. */
    function run(tests: string, selection = "unit", environment: NodeJS.ProcessEnv = {}) {
        writeFileSync(path.join(folder, "test/unit/sample.test.ts"), tests);
        return start(["test/run.ts"], { ...environment, QUORATE_TEST: selection });
    }

    function start(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
        const { status, stdout, stderr } = spawnSync(
            process.execPath,
            ["--require", "ts-node/register/transpile-only", ...words],
            { cwd: folder, encoding: "utf8", env: { ...process.env, ...environment } },
        );
        return { status, lines: stdout.trimEnd().split("\n"), stderr };
    }

    it("ends with the counts, and with 0 when nothing failed", () => {
        const { status, lines } = run('it("good", () => {}); it("later", function () { this.skip(); });');
        assert.equal(status, 0);
        assert.deepEqual(lines.slice(-2), ["skipped: later", "1 passed, 0 failed, 1 skipped"]);
    });

    it("lists failures before the counts and ends with 1", () => {
        const { status, lines } = run('it("good", () => {}); it("bad", () => { throw new Error("no"); });');
        assert.equal(status, 1);
        assert.deepEqual(lines.slice(-2), ["failed: bad", "1 passed, 1 failed, 0 skipped"]);
    });

    it("does not take tests for passed that never ended", () => {
        const { status, lines } = run('it("good", () => {}); it("exits", () => process.exit(0));');
        assert.equal(status, 1);
        assert.deepEqual(lines.slice(-2), ["failed: unit: mocha ended early", "0 passed, 1 failed, 0 skipped"]);
    });

    it("does not take a file for passed that cannot be read", () => {
        const { status, lines } = run("this is no test");
        assert.equal(status, 1);
        assert.equal(lines.at(-1), "0 passed, 1 failed, 0 skipped");
    });

    it("runs unit and contract tests side by side, and names the failures of both", () => {
        const scripts = Object.fromEntries(["build", "typecheck", "lint"].map((name) => [name, "exit 0"]));
        writeFileSync(path.join(folder, "package.json"), JSON.stringify({ scripts }));
        for (const kind of ["contract", "engine", "lab"]) {
            mkdirSync(path.join(folder, "test", kind));
            writeFileSync(path.join(folder, "test", kind, "sample.test.ts"), 'it("good", () => {});');
        }
        const bad = 'it("bad in contract", () => { throw new Error("no"); });';
        writeFileSync(path.join(folder, "test/contract/sample.test.ts"), bad);
        const { status, lines } = run('it("bad in unit", () => { throw new Error("no"); });', "all");
        assert.equal(status, 1);
        for (const line of ["-- unit", "-- contract", "== engine tests"]) assert.ok(lines.includes(line), line);
        const [unit, contract, counts] = lines.slice(-3);
        assert.deepEqual([unit, contract], ["failed: bad in unit", "failed: bad in contract"]);
        assert.match(counts ?? "", /^\d passed, 2 failed, \d skipped$/);
    });

    it("writes plain text where there is no terminal, whatever the environment says", () => {
        const { lines } = run('it("bad", () => { throw new Error("no"); });', "unit", { FORCE_COLOR: "1" });
        assert.ok(lines.some((line) => /\bbad\b/.test(line)));
        for (const line of lines) assert.ok(!line.includes("\u001b"), JSON.stringify(line));
    });

    it("refuses a selection that it does not know", () => {
        const { status, stderr } = run("", "units");
        assert.equal(status, 2);
        assert.match(stderr, /^QUORATE_TEST: units; write one of unit, contract, engine, lab, all$/m);
    });

    it("says what each suite took that took long", () => {
        const slow = 'describe("slow", () => { it("waits", (done) => void setTimeout(done, 1100)); });';
        const { lines } = run(`describe("quick", () => { it("good", () => {}); });${slow}`);
        assert.equal(lines.filter((line) => /^ +1\.\d s {2}slow$/.test(line)).length, 1, lines.join("\n"));
        assert.ok(!lines.some((line) => / s {2}quick$/.test(line)));
    });

    describe("for long tests", () => {
        beforeEach(() => {
            writeFileSync(path.join(folder, "package.json"), JSON.stringify({ scripts: { build: "exit 0" } }));
            mkdirSync(path.join(folder, "test/lab/long"), { recursive: true });
            for (const name of ["first", "second"]) {
                const text = `it("good in ${name}", () => {});`;
                writeFileSync(path.join(folder, `test/lab/long/${name}.test.ts`), text);
            }
        });

        it("lists them and ends with 2 when none is named, or an unknown one", () => {
            for (const words of [[], ["first", "third"]]) {
                const { status, stderr } = start(["test/long.ts", ...words]);
                assert.equal(status, 2);
                assert.match(stderr, /no (test|long test) is named.*runs one or more of: first, second$/m);
            }
        });

        it("runs the named ones, and ends with the counts", function () {
            if (process.getuid?.() !== 0) return this.skip();
            const { status, lines } = start(["test/long.ts", "second"]);
            assert.equal(status, 0, lines.join("\n"));
            assert.ok(lines.some((line) => line.includes("good in second")));
            assert.ok(!lines.some((line) => line.includes("good in first")));
            assert.equal(lines.at(-1), "2 passed, 0 failed, 0 skipped");
        });

        it("leaves them out of npm test", () => {
            const { lines } = run("", "lab");
            assert.ok(!lines.some((line) => line.includes("good in")), lines.join("\n"));
        });
    });
});
