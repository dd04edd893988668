import assert from "node:assert/strict";
import { renderReport } from "../../../bench/create/report";
import { type Round, evaluate } from "../../../bench/create/results";

const preparation = { hosts: 12, components: 20 };
const round = (byHand: number, ours: number): Round => ({
    kubeadm: {
        seconds: byHand,
        phases: [
            { name: "init", start: 0, end: 11 },
            { name: "join cp2", start: 11, end: byHand },
        ],
        preparation,
    },
    quorate: {
        seconds: ours,
        phases: [
            { name: "engine start", start: 0, end: 4 },
            { name: "pki", start: 4, end: ours },
        ],
        preparation: { hosts: 13, components: 21 },
    },
});
const three = [round(70, 40), round(74, 36), round(80, 60)];

describe("bench results", () => {
    it("compare the medians of both ways", () => {
        const { ratio, targetRatio, rounds, kubeadm, quorate } = evaluate(three);
        assert.equal(rounds, 3);
        assert.deepEqual([kubeadm.median, kubeadm.min, kubeadm.max], [74, 70, 80]);
        assert.deepEqual([quorate.median, quorate.min, quorate.max], [40, 36, 60]);
        assert.equal(ratio, 40 / 74);
        assert.equal(targetRatio, 0.5);
    });

    it("hold every round of every phase, in the order in which they begin", () => {
        const { phases } = evaluate(three).kubeadm;
        assert.deepEqual(
            phases.map(({ name, startsAt, seconds }) => ({ name, startsAt, seconds })),
            [
                { name: "init", startsAt: 0, seconds: [11, 11, 11] },
                { name: "join cp2", startsAt: 11, seconds: [59, 63, 69] },
            ],
        );
    });

    it("say where a phase did not happen", () => {
        const without = { ...three[0]!, quorate: { ...three[0]!.quorate, phases: [] } };
        const pki = evaluate([without, ...three.slice(1)]).quorate.phases.find(({ name }) => name === "pki")!;
        assert.deepEqual(pki.seconds, [null, 32, 56]);
        assert.equal(pki.median, 44);
    });
});

describe("bench report", () => {
    const cells = (text: string, first: string): string[] => {
        const line = text.split("\n").find((candidate) => candidate.startsWith(`│ ${first} `)) ?? "";
        return line
            .split("│")
            .map((cell) => cell.trim())
            .filter(Boolean);
    };

    it("shows every round, median and spread of each phase and of the whole", () => {
        const text = renderReport(evaluate(three));
        assert.deepEqual(cells(text, "join cp2"), ["join cp2", "11.0", "59.0", "63.0", "69.0", "63.0", "59.0", "69.0"]);
        assert.deepEqual(cells(text, "total"), ["total", "70.0", "74.0", "80.0", "74.0", "70.0", "80.0"]);
    });

    it("ends with the ratio and whether it meets the target", () => {
        const last = (rounds: Round[]): string => renderReport(evaluate(rounds)).split("\n").at(-1)!;
        assert.equal(
            last(three),
            "quorate / kubeadm, medians of 3 rounds: 40.0 / 74.0 = 0.54; target at most 0.5: missed",
        );
        assert.equal(
            last([round(80, 40)]),
            "quorate / kubeadm, medians of 1 round: 40.0 / 80.0 = 0.50; target at most 0.5: met",
        );
    });

    it("says what was not counted", () => {
        assert.match(
            renderReport(evaluate(three)),
            /Not counted, medians: new hosts 12\.0 before kubeadm, 13\.0 before/,
        );
    });
});
