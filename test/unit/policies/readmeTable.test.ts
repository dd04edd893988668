import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { rulesTable } from "../../../policies/rulesTable";
import { RULES } from "../../../policies/rules/rules";

const readme = readFileSync(path.resolve(__dirname, "../../../README.md"), "utf8");

/** A table's cells, whatever the width of its columns. */
function cells(table: string): string[][] {
    return table
        .trim()
        .split("\n")
        .map((line) =>
            line
                .split("|")
                .slice(1, -1)
                .map((cell) => cell.trim().replace(/^-+$/, "---")),
        );
}

describe("README's table of policy rules", () => {
    it("is the one that `node --require ts-node/register/transpile-only policies/table.ts` prints", () => {
        const [, table] = /<!-- rules -->([^]*?)<!-- \/rules -->/.exec(readme) ?? [];
        assert.ok(table !== undefined, "README.md has no <!-- rules --> and <!-- /rules -->");
        assert.deepEqual(cells(table), cells(rulesTable(RULES)));
    });

    it("has one row for each rule, and no cell that breaks it", () => {
        const rows = cells(rulesTable(RULES));
        assert.equal(rows.length, RULES.length + 2);
        assert.deepEqual(new Set(rows.map((row) => row.length)), new Set([5]));
    });
});
