import assert from "node:assert/strict";
import { amountOf } from "../../../../components/workload/quantity";

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
    ] as const) {
        it(`reads ${text}`, () => assert.equal(amountOf(text), amount));
    }

    for (const text of ["", "m", "1mi", "-1", "1 Gi", "1Gib", "1e3", ".5"]) {
        it(`reads nothing from "${text}"`, () => assert.equal(amountOf(text), undefined));
    }
});
