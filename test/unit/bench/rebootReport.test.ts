import assert from "node:assert/strict";
import { type Figures, type Measured, figures } from "../../../bench/reboot/figures";
import { renderReport } from "../../../bench/reboot/report";
import { METRICS, restOf, runsOf, spreadOf } from "../../../bench/reboot/results";
import { probeReport } from "../../../maintenance/probe/probeReport";
import { Duration } from "../../../model/duration";
import { BACKEND, INGRESS, every, measurement } from "../maintenance/probe/probeSamples";

const BUDGET = { failed: 0, outage: undefined, minRate: 0.98, maxStall: Duration.milliseconds(500) };
const phase = (host: string, name: string, start: number, end: number) =>
    [
        { time: start, host, phase: name, state: "started" },
        { time: end, host, phase: name, state: "finished" },
    ] as const;

/** One target of ten requests a second for 10 s; those planned at these times fail. */
function measured(failing: readonly number[], extra: Partial<Measured> = {}): Measured {
    const run = measurement(every(100, (planned) => ({ ok: !failing.includes(planned) })));
    return {
        report: probeReport(run, BUDGET),
        phases: [
            ...phase("w1", "gate", 0, 1000),
            ...phase("w1", "reboot", 1000, 5000),
            ...phase("lb1", "reboot", 6000, 8000),
        ],
        window: { start: 0, end: 10_000 },
        pods: { created: 7, byNode: [2, 2, 1] },
        balancers: ["lb1", "lb2"],
        ...extra,
    };
}

describe("the figures of a way", () => {
    it("count failed requests of both loops, the longest outage and the time", () => {
        const found = figures(measured([3000, 3100, 7000]));
        assert.deepEqual(found.ingress, { failed: 3, sent: 100 });
        assert.deepEqual(found.api, { failed: 0, sent: 0 });
        assert.ok(found.closedLoop.sent > 0 && found.closedLoop.sent <= 11);
        assert.equal(found.longestOutage, 0.2);
        assert.deepEqual([found.time.wall, found.time.needed], [10, 6]);
        assert.equal(found.podsMovedTwice, 1);
        assert.deepEqual(found.invalid, []);
    });

    it("leave out targets that only inform", () => {
        const run = measurement(
            every(100, () => ({ ok: false, target: BACKEND.name })),
            { targets: [INGRESS, BACKEND] },
        );
        const found = figures({ ...measured([]), report: probeReport(run, BUDGET) });
        assert.equal(found.ingress.failed, 0);
        assert.equal(found.withoutBalancers?.ingressFailed, 0);
    });

    it("without the balancers' turns end where the first of them begins", () => {
        const { withoutBalancers } = figures(measured([3000, 7000]));
        assert.equal(withoutBalancers?.ingressFailed, 1);
        assert.deepEqual([withoutBalancers.time.wall, withoutBalancers.time.needed], [6, 4]);
    });

    it("have no such part when no balancer was rebooted", () => {
        const found = figures(measured([], { phases: phase("w1", "reboot", 0, 1000) }));
        assert.ok(!("withoutBalancers" in found));
    });
});

describe("the results of the reboot bench", () => {
    const base = figures(measured([3000]));
    const failed = (count: number): Figures => ({ ...base, ingress: { failed: count, sent: 100 } });
    const metric = METRICS[0]!;

    it("have a spread over the rounds", () => {
        const rounds = [{ a: failed(7) }, { a: failed(9) }, { a: failed(20) }];
        assert.deepEqual(spreadOf(metric, runsOf(rounds, "a")), { median: 9, min: 7, max: 20 });
        assert.equal(spreadOf(metric, []), undefined);
    });

    it("say where the overhead goes, 0 where a round has none of it", () => {
        const other = { ...base, time: { ...base.time, rest: [{ phase: "gate", seconds: 3 }] } };
        const rest = restOf([base, other]);
        assert.deepEqual(
            rest.find(({ phase: name }) => name === "gate"),
            { phase: "gate", seconds: 2 },
        );
        assert.equal(rest[0]?.phase, "gate");
    });
});

describe("the report of the reboot bench", () => {
    const base = figures(measured([3000]));
    const pause = Duration.seconds(10);
    const { withoutBalancers: _, ...byHand } = base;
    const row = (text: string, title: string): string[] =>
        (text.split("\n").find((line) => line.startsWith(`│ ${title}`)) ?? "").split("│").map((cell) => cell.trim());

    it("has a column for each way that was measured", () => {
        const text = renderReport([{ a: byHand, d: { ...base, ingress: { failed: 0, sent: 50 } } }], { pause });
        assert.deepEqual(row(text, "ingress requests failed").slice(1, -1), ["ingress requests failed", "1", "0"]);
        assert.match(text, /\(a\) the article's loop/);
        assert.doesNotMatch(text, /\(b\) .*│/);
    });

    it("shows median and spread over several rounds", () => {
        const runs = [1, 2, 9].map((count) => ({ a: { ...byHand, ingress: { failed: count, sent: 100 } } }));
        assert.equal(row(renderReport(runs, { pause }), "ingress requests failed")[2], "2 (1 to 9)");
    });

    it("says what the ways do not have in common", () => {
        const text = renderReport([{ a: byHand, d: base }], { pause });
        assert.match(text, /reboot the 6 Kubernetes nodes.*\(d\) reboots all 8 hosts/);
        assert.match(text, /10s of pause between hosts, the article's is 300s/);
        assert.match(text, /\(d\) without the load balancers' turns/);
    });

    it("judges quorate's ratio and says where the rest goes", () => {
        const text = renderReport([{ d: base }], { pause });
        assert.match(text, /overhead ratio 1\.67, target at most 1\.15: missed/);
        assert.deepEqual(row(text, "gate").slice(1, -1), ["gate", "1.0"]);
        const met = { ...base, time: { ...base.time, ratio: 1.1 } };
        assert.match(renderReport([{ d: met }], { pause }), /overhead ratio 1\.10, target at most 1\.15: met/);
    });

    it("tells which runs prove nothing", () => {
        const text = renderReport([{ a: byHand }, { a: { ...byHand, invalid: ["the prober stood still"] } }], {
            pause,
        });
        assert.match(text, /round 2, \(a\) proves nothing: the prober stood still/);
    });
});
