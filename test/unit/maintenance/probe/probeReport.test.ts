import assert from "node:assert/strict";
import fc from "fast-check";
import { Duration } from "../../../../model/duration";
import { probeReport } from "../../../../maintenance/probe/probeReport";
import { probeReportSchema } from "../../../../maintenance/probe/reportShape";
import { BACKEND, every, INGRESS, measurement, sample } from "./probeSamples";

const BUDGET = { failed: 0, outage: undefined, minRate: 0.98, maxStall: Duration.milliseconds(500) };

describe("the probe's report", () => {
    it("of a good run is within budget", () => {
        const report = probeReport(measurement(every(100)), BUDGET);
        assert.equal(report.verdict, "within budget");
        assert.deepEqual([report.invalid, report.exceeded, report.failures], [[], [], []]);
        assert.deepEqual(
            report.targets.map(({ planned, sent, ok, failed, achievedRate }) => [
                planned,
                sent,
                ok,
                failed,
                achievedRate,
            ]),
            [[100, 100, 100, 0, 10]],
        );
    });

    it("is what its schema says", () => {
        const events = {
            phases: [{ time: 100, host: "w1", phase: "drain", state: "started" as const }],
            lanes: [{ time: 100, lane: "node" as const, subject: "w1", value: "Ready" }],
            unreadableLines: 1,
        };
        const run = measurement(
            every(100, (planned) => ({ ok: planned < 5000 })),
            {
                events,
                watch: { opened: 2, gaps: [{ at: 1, milliseconds: 2 }] },
                stalls: [{ at: 1, milliseconds: 600 }],
            },
        );
        const report = probeReport(run, BUDGET);
        assert.deepEqual(probeReportSchema.parse(JSON.parse(JSON.stringify(report))), report);
    });

    it("joins each failure with its phase", () => {
        const events = {
            phases: [{ time: 4000, host: "cp2", phase: "reboot", state: "started" as const }],
            lanes: [],
            unreadableLines: 0,
        };
        const { failures } = probeReport(
            measurement(
                every(100, (planned) => ({ ok: planned !== 5000 })),
                { events },
            ),
            BUDGET,
        );
        assert.deepEqual(
            failures.map(({ planned, phases }) => [planned, phases]),
            [[5000, [{ host: "cp2", phase: "reboot", relation: "during", milliseconds: 1000 }]]],
        );
    });

    it("is over budget with one failure more than allowed", () => {
        const run = measurement(every(100, (planned) => ({ ok: planned !== 5000 && planned !== 7000 })));
        assert.equal(probeReport(run, { ...BUDGET, failed: 2 }).verdict, "within budget");
        const report = probeReport(run, { ...BUDGET, failed: 1 });
        assert.equal(report.verdict, "over budget");
        assert.deepEqual(report.exceeded, ["2 failed requests; the budget is 1"]);
    });

    it("is over budget when an outage was too long, even if the failures were few enough", () => {
        const run = measurement(every(100, (planned) => ({ ok: planned < 5000 || planned >= 5300 })));
        const budget = { ...BUDGET, failed: 10, outage: Duration.milliseconds(200) };
        assert.deepEqual(probeReport(run, budget).exceeded, ["outage of 300 ms at ingress/new; the budget is 200ms"]);
    });

    it("does not count servers asked directly", () => {
        const failing = every(100, () => ({ target: BACKEND.name, ok: false }));
        const report = probeReport(measurement([...every(100), ...failing], { targets: [INGRESS, BACKEND] }), BUDGET);
        assert.equal(report.verdict, "within budget");
        assert.equal(report.failures.length, 100);
        assert.ok(report.failures.every(({ counted }) => !counted));
        assert.equal(
            report.timeline.series.flatMap(({ failed }) => failed).reduce((sum, count) => sum + count, 0),
            0,
        );
    });

    it("takes latency from the planned time, so that a late prober makes its figures worse and not better", () => {
        const late = every(100, (planned) => ({ start: planned + 300, end: planned + 310 }));
        const { targets, sendLag } = probeReport(measurement(late), BUDGET);
        assert.equal(targets[0]?.latency.p50, 310);
        assert.deepEqual(sendLag, { p99: 300, max: 300 });
    });

    it("keeps every sample in its timeline", () => {
        fc.assert(
            fc.property(fc.array(fc.tuple(fc.nat(9999), fc.boolean())), (list) => {
                const samples = list.map(([planned, ok]) => sample({ planned, ok }));
                const { timeline, targets } = probeReport(measurement(samples), BUDGET);
                const total = (counts: readonly number[] = []) => counts.reduce((sum, count) => sum + count, 0);
                assert.equal(total(timeline.series[0]?.sent), samples.length);
                assert.equal(total(timeline.series[0]?.failed), targets[0]?.failed);
            }),
        );
    });
});

describe("a run is invalid, whatever it found,", () => {
    const invalid = (change: Parameters<typeof measurement>[1], samples = every(100)) => {
        const report = probeReport(measurement(samples, change), BUDGET);
        assert.equal(report.verdict, "invalid");
        return report.invalid.join("\n");
    };

    it("when the prober stood still too long", () => {
        assert.match(
            invalid({ stalls: [{ at: 100, milliseconds: 812 }] }),
            /stood still for 812 ms; expected at most 500ms: /,
        );
    });

    it("but not for a short stall", () => {
        const report = probeReport(measurement(every(100), { stalls: [{ at: 1, milliseconds: 499 }] }), BUDGET);
        assert.equal(report.verdict, "within budget");
    });

    it("when requests were sent too late", () => {
        const late = every(100, (planned) => (planned === 500 ? { start: 1500, end: 1501 } : {}));
        assert.match(invalid({}, late), /1000 ms behind the plan/);
    });

    it("when requests were not sent", () => {
        const dispatch = new Map([[INGRESS.name, { planned: 101, unsent: 1 }]]);
        assert.match(invalid({ dispatch }), /1 requests? could not be sent/);
    });

    it("when too small a share was sent", () => {
        const dispatch = new Map([[INGRESS.name, { planned: 150, unsent: 50 }]]);
        assert.match(invalid({ dispatch }), /only 100 of 150 planned requests were sent to ingress\/new/);
    });

    it("when a target was never asked", () => assert.match(invalid({}, []), /nothing was measured at ingress\/new/));

    it("when requests failed on the prober's own machine", () => {
        const samples = every(100, (planned) =>
            planned === 500 ? { ok: false, error: "local", detail: "connect EADDRNOTAVAIL" } : {},
        );
        assert.match(invalid({}, samples), /1 requests? failed on the prober's own machine \(connect EADDRNOTAVAIL\)/);
    });
});
