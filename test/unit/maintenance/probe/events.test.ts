import assert from "node:assert/strict";
import fc from "fast-check";
import { blame } from "../../../../maintenance/probe/blame";
import { parseEvents } from "../../../../maintenance/probe/maintenanceEvents";
import { laneSpans, phaseSpans } from "../../../../maintenance/probe/spans";

const line = (event: object) => `${JSON.stringify(event)}\n`;
const phase = (time: number | string, host: string, name: string, state: string) =>
    line({ time, host, phase: name, state });

describe("maintenance events", () => {
    it("are read in both notations of time, and sorted", () => {
        const text = phase(2000, "w1", "reboot", "started") + phase("1970-01-01T00:00:01Z", "w1", "drain", "started");
        assert.deepEqual(
            parseEvents(text).phases.map(({ time, phase: name }) => [time, name]),
            [
                [1000, "drain"],
                [2000, "reboot"],
            ],
        );
    });

    it("count lines that are none, such as the last one of a writer that was killed", () => {
        const { phases, lanes, unreadableLines } = parseEvents(
            `${phase(1, "w1", "drain", "started")}{"time":5}\n{"time":7,"ho`,
        );
        assert.equal(phases.length, 1);
        assert.equal(lanes.length, 0);
        assert.equal(unreadableLines, 2);
    });

    it("become spans: a phase lasts from its start to its end on the same host", () => {
        const events = parseEvents(
            [
                phase(1, "w1", "drain", "started"),
                phase(2, "w2", "drain", "started"),
                phase(5, "w1", "drain", "finished"),
                phase(6, "w2", "drain", "failed"),
                phase(7, "w1", "reboot", "started"),
                phase(8, "w3", "drain", "finished"),
            ].join(""),
        );
        assert.deepEqual(phaseSpans(events.phases, 10), [
            { host: "w1", phase: "drain", start: 1, end: 5, state: "finished" },
            { host: "w2", phase: "drain", start: 2, end: 6, state: "failed" },
            { host: "w1", phase: "reboot", start: 7, end: 10, state: "running" },
        ]);
    });

    it("become lanes: a value lasts until the next one, and repeating it begins nothing", () => {
        const lane = (time: number, subject: string, value: string) =>
            line({ time, lane: "virtual-address", subject, value });
        const { lanes } = parseEvents(
            lane(1, "10.89.0.10", "lb1") + lane(3, "10.89.0.10", "lb1") + lane(4, "10.89.0.10", "lb2"),
        );
        assert.deepEqual(
            laneSpans(lanes, 9).map(({ value, start, end }) => [value, start, end]),
            [
                ["lb1", 1, 4],
                ["lb2", 4, 9],
            ],
        );
    });
});

describe("the phase that a failure is blamed on", () => {
    const span = (host: string, name: string, start: number, end: number) =>
        ({ host, phase: name, start, end, state: "finished" }) as const;
    const spans = [span("w1", "drain", 1000, 4000), span("w2", "reboot", 3000, 6000)];
    const at = (planned: number, end = planned) => blame({ planned, end }, spans);

    it("is the one that started last among those that ran", () => {
        assert.deepEqual(at(3500), [
            { host: "w2", phase: "reboot", relation: "during", milliseconds: 500 },
            { host: "w1", phase: "drain", relation: "during", milliseconds: 2500 },
        ]);
    });

    it("is rather one that ran when the request was to be sent than one that started while it was under way", () => {
        const first = at(2000, 3500)[0];
        assert.deepEqual([first?.host, first?.milliseconds], ["w1", 1000]);
    });

    it("may have started while the request was under way", () => {
        assert.deepEqual(at(500, 1500), [{ host: "w1", phase: "drain", relation: "during", milliseconds: 0 }]);
    });

    it("is the last one that ended when none ran, for ten seconds", () => {
        assert.deepEqual(at(7000), [{ host: "w2", phase: "reboot", relation: "after", milliseconds: 1000 }]);
        assert.deepEqual(at(16_001), []);
    });

    it("is none before anything was done", () => assert.deepEqual(at(100), []));

    it("never started after the failure was over", () => {
        const anySpans = fc.array(fc.tuple(fc.nat(10_000), fc.nat(5000)));
        fc.assert(
            fc.property(anySpans, fc.nat(20_000), fc.nat(5000), (list, planned, length) => {
                const phases = list.map(([start, long], index) => span(`h${index}`, "x", start, start + long));
                for (const { host, relation } of blame({ planned, end: planned + length }, phases)) {
                    const found = phases.find((one) => one.host === host)!;
                    assert.ok(found.start <= planned + length);
                    assert.equal(found.end >= planned, relation === "during");
                }
            }),
        );
    });
});
