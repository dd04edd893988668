import assert from "node:assert/strict";
import { amountOf } from "../../../model/quantity";

describe("an amount of a resource", () => {
    for (const [text, amount] of [
        ["1", 1],
        ["0.5", 0.5],
        ["500m", 0.5],
        ["1k", 1000],
        ["1Ki", 1024],
        ["64Mi", 64 * 1024 * 1024],
        ["1G", 1e9],
        ["1.5Gi", 1.5 * 1024 ** 3],
        ["24057396Ki", 24057396 * 1024],
        ["1e3", 1000],
        [".5", 0.5],
        ["-1", -1],
    ] as const) {
        it(`reads ${text}`, () => assert.equal(amountOf(text), amount));
    }

    for (const text of ["", "m", "1mi", "1ki", "1 Gi", "1Gib", "1K"]) {
        it(`reads nothing from "${text}"`, () => assert.equal(amountOf(text), undefined));
    }
});
