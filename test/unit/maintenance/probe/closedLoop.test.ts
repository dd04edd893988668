import assert from "node:assert/strict";
import { closedLoop } from "../../../../maintenance/probe/closedLoop";
import { every } from "./probeSamples";

describe("the closed-loop figure", () => {
    it("is the loop's requests when all is well: one, then a pause of a second", () => {
        assert.deepEqual(closedLoop("ingress/new", every(10)), { target: "ingress/new", requests: 10, failed: 0 });
    });

    it("hides an outage: 2 failures where 25 of an open loop fail, because a hanging request asks nothing meanwhile", () => {
        const hangs = every(100, (planned) =>
            planned >= 2000 && planned < 4500 ? { ok: false, end: planned + 1000 } : {},
        );
        assert.equal(hangs.filter(({ ok }) => !ok).length, 25);
        assert.equal(closedLoop("ingress/new", hangs).failed, 2);
    });

    it("sees nothing at all of an outage between two of its requests", () => {
        const short = every(10, (planned) => ({ ok: planned < 300 || planned > 900 }));
        assert.equal(closedLoop("ingress/new", short).failed, 0);
    });

    it("asks nothing when there was nothing to ask", () => {
        assert.deepEqual(closedLoop("x", []), { target: "x", requests: 0, failed: 0 });
    });
});
