import assert from "node:assert/strict";
import fc from "fast-check";
import { BETWEEN, NEEDED, overhead } from "../../../bench/reboot/overhead";
import { leastCreations, movedTwice } from "../../../bench/reboot/podMoves";
import type { PhaseSpan } from "../../../maintenance/probe/spans";

const span = (host: string, phase: string, start: number, end: number): PhaseSpan => ({
    host,
    phase,
    start,
    end,
    state: "finished",
});

describe("the overhead ratio", () => {
    it("is wall time over the time of what cannot be left out", () => {
        const spans = [
            span("w1", "gate", 0, 500),
            span("w1", "evict-rest", 500, 8500),
            span("w1", "reboot", 8500, 12_500),
            span("w1", "node-back", 12_500, 14_500),
            span("w1", "ingress-proof", 14_600, 15_600),
        ];
        const found = overhead(spans, { start: 0, end: 16_000 });
        assert.equal(found.wall, 16_000);
        assert.equal(found.needed, 14_000);
        assert.equal(found.ratio, 16_000 / 14_000);
        assert.deepEqual(found.rest, [
            { phase: "ingress-proof", milliseconds: 1000 },
            { phase: "gate", milliseconds: 500 },
            { phase: BETWEEN, milliseconds: 500 },
        ]);
    });

    it("counts hosts that go together once", () => {
        const spans = [span("w1", "reboot", 0, 4000), span("w2", "reboot", 1000, 5000)];
        assert.equal(overhead(spans, { start: 0, end: 5000 }).needed, 5000);
    });

    it("counts of a fixed wait only what the host did not need", () => {
        const spans = [
            span("w1", "reboot", 0, 4000),
            span("w1", "node-back", 4000, 6000),
            span("w1", "fixed-wait", 0, 30_000),
        ];
        const { needed, rest } = overhead(spans, { start: 0, end: 30_000 });
        assert.equal(needed, 6000);
        assert.deepEqual(rest, [{ phase: "fixed-wait", milliseconds: 24_000 }]);
    });

    it("leaves out what happened after the work had ended", () => {
        const spans = [span("cp3", "node-back", 8000, 12_000)];
        assert.equal(overhead(spans, { start: 0, end: 10_000 }).needed, 2000);
    });

    it("does not exist where nothing was needed", () => {
        assert.equal(overhead([], { start: 0, end: 1000 }).ratio, null);
    });

    it("accounts for every millisecond of hosts that go one at a time", () => {
        const phases = fc.array(
            fc.record({
                phase: fc.constantFrom("gate", "cordon", "uncordon", ...NEEDED),
                idle: fc.nat(1000),
                length: fc.nat(20_000),
            }),
        );
        fc.assert(
            fc.property(phases, fc.nat(1000), (list, tail) => {
                let now = 0;
                const spans = list.map(({ phase, idle, length }) => {
                    const start = now + idle;
                    now = start + length;
                    return span("w1", phase, start, now);
                });
                const { wall, needed, rest } = overhead(spans, { start: 0, end: now + tail });
                assert.equal(needed + rest.reduce((sum, { milliseconds }) => sum + milliseconds, 0), wall);
            }),
        );
    });

    it("is never below 1, whatever overlaps", () => {
        const random = fc.record({
            host: fc.constantFrom("w1", "w2"),
            phase: fc.constantFrom("gate", "reboot", "evict-rest"),
            start: fc.nat(10_000),
            length: fc.nat(10_000),
        });
        fc.assert(
            fc.property(fc.array(random), fc.integer({ min: 1, max: 20_000 }), (list, end) => {
                const spans = list.map(({ host, phase, start, length }) => span(host, phase, start, start + length));
                const { ratio, needed, wall, rest } = overhead(spans, { start: 0, end });
                assert.ok(ratio === null ? needed === 0 : ratio >= 1);
                assert.ok(rest.every(({ milliseconds }) => milliseconds <= wall * list.length || list.length === 0));
            }),
        );
    });
});

describe("pods moved twice", () => {
    it("are those beyond one move for each pod and another for the pods of the emptiest node", () => {
        assert.equal(leastCreations([2, 2, 1]), 6);
        assert.equal(movedTwice(9, [2, 2, 1]), 3);
    });

    it("are none where one node was empty and each pod moved once", () => {
        assert.equal(movedTwice(5, [3, 2, 0]), 0);
    });

    it("are none on a single node, whose pods come back to it", () => {
        assert.equal(movedTwice(5, [5]), 0);
    });

    it("are never fewer than none, when a pod was not created in time to be seen", () => {
        assert.equal(movedTwice(0, [2, 2, 1]), 0);
    });

    it("have a least that some order of the nodes reaches", () => {
        fc.assert(
            fc.property(fc.array(fc.nat(5), { minLength: 2, maxLength: 5 }), (byNode) => {
                const order = byNode.map((_, node) => node).sort((left, right) => byNode[left]! - byNode[right]!);
                const now = [...byNode];
                let created = 0;
                order.forEach((node, index) => {
                    const target = index === 0 ? order.at(-1)! : order[0]!;
                    created += now[node]!;
                    now[target] = now[target]! + now[node]!;
                    now[node] = 0;
                });
                assert.equal(created, leastCreations(byNode));
            }),
        );
    });
});
