import assert from "node:assert/strict";
import fc from "fast-check";
import { writeLedger, type SettledWrite } from "../../../../maintenance/probe/writeLedger";

function ledger(deadline = 1000) {
    const settled: SettledWrite[] = [];
    return { settled, book: writeLedger(deadline, (write) => settled.push(write)) };
}

describe("the ledger of writes", () => {
    it("settles a write when its event comes", () => {
        const { settled, book } = ledger();
        book.acknowledge(1, 100);
        book.see(1, 130);
        assert.deepEqual(settled, [{ sequence: 1, acknowledged: 100, seen: 130 }]);
        assert.equal(book.awaited, 0);
    });

    it("takes an event that overtook the acknowledgement", () => {
        const { settled, book } = ledger();
        book.see(1, 90);
        book.acknowledge(1, 100);
        assert.deepEqual(settled, [{ sequence: 1, acknowledged: 100, seen: 100 }]);
    });

    it("expects nothing for a write that was never acknowledged", () => {
        const { settled, book } = ledger();
        book.see(1, 90);
        book.expire(10_000);
        assert.deepEqual(settled, []);
    });

    it("gives up after the deadline", () => {
        const { settled, book } = ledger();
        book.acknowledge(1, 100);
        book.expire(1100);
        assert.deepEqual(settled, []);
        book.expire(1101);
        assert.deepEqual(settled, [{ sequence: 1, acknowledged: 100, seen: null }]);
        book.see(1, 1200);
        assert.equal(settled.length, 1);
    });

    it("does not take an event after the deadline, even if nobody looked in between", () => {
        const { settled, book } = ledger();
        book.acknowledge(1, 100);
        book.see(1, 1500);
        assert.equal(settled[0]?.seen, null);
    });

    it("takes the present state of a watch begun anew for all writes acknowledged by then", () => {
        const { settled, book } = ledger();
        book.acknowledge(1, 100);
        book.acknowledge(2, 200);
        book.catchUp(2, 350);
        assert.deepEqual(
            settled.map(({ sequence, seen }) => [sequence, seen]),
            [
                [1, 350],
                [2, 350],
            ],
        );
    });

    it("takes it for earlier writes too that are acknowledged after it, but not for later ones", () => {
        const { settled, book } = ledger();
        book.catchUp(6, 350);
        book.acknowledge(5, 351);
        book.acknowledge(7, 352);
        assert.deepEqual(settled, [{ sequence: 5, acknowledged: 351, seen: 351 }]);
        assert.equal(book.awaited, 1);
    });

    it("settles every acknowledged write exactly once, whatever happens", () => {
        const step = fc.tuple(fc.constantFrom("acknowledge", "see", "expire", "catchUp"), fc.nat(20));
        fc.assert(
            fc.property(fc.array(step), (steps) => {
                const { settled, book } = ledger(5);
                const acknowledged = new Set<number>();
                const seen = new Set<number>();
                steps.forEach(([what, sequence], at) => {
                    if (what === "acknowledge" && !acknowledged.has(sequence)) book.acknowledge(sequence, at);
                    if (what === "acknowledge") acknowledged.add(sequence);
                    if (what === "see" && !seen.has(sequence)) book.see(sequence, at);
                    if (what === "see") seen.add(sequence);
                    if (what === "expire") book.expire(at);
                    if (what === "catchUp") book.catchUp(sequence, at);
                });
                book.expire(Infinity);
                const sequences = settled.map(({ sequence }) => sequence).toSorted((left, right) => left - right);
                assert.deepEqual(
                    sequences,
                    [...acknowledged].toSorted((left, right) => left - right),
                );
            }),
        );
    });
});
