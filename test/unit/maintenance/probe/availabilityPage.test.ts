import assert from "node:assert/strict";
import { Script } from "node:vm";
import { Duration } from "../../../../model/duration";
import type { Measurement } from "../../../../maintenance/probe/measurement";
import { probeReport } from "../../../../maintenance/probe/probeReport";
import type { Sample } from "../../../../maintenance/probe/sample";
import { bursts } from "../../../../maintenance/report/availability/bursts";
import { SCRIPT } from "../../../../maintenance/report/availability/script";
import { timeScale } from "../../../../maintenance/report/availability/timeScale";
import { elapsed, lengthInWords } from "../../../../maintenance/report/availability/words";
import { availabilityPage } from "../../../../maintenance/report/availabilityPage";
import { availabilityTable } from "../../../../maintenance/report/availabilityTable";
import { noColours } from "../../../../maintenance/report/paint";
import { BACKEND, every, INGRESS, measurement } from "./probeSamples";

const BUDGET = { failed: 0, outage: undefined, minRate: 0.98, maxStall: Duration.milliseconds(500) };
const reportOf = (samples: readonly Sample[], change: Partial<Measurement> = {}) =>
    probeReport(measurement(samples, change), BUDGET);
const pageOf = (...args: Parameters<typeof reportOf>) => availabilityPage(reportOf(...args));

const phase = (time: number, host: string, name: string, state: "started" | "finished") =>
    ({ time, host, phase: name, state }) as const;
const failing = every(100, (planned) =>
    planned >= 4000 && planned < 4300 ? { ok: false, status: 502, error: "status", detail: "no server" } : {},
);
const reboot = {
    phases: [phase(3500, "cp2", "reboot", "started"), phase(6000, "cp2", "reboot", "finished")],
    lanes: [
        { time: 0, lane: "virtual-address" as const, subject: "10.89.0.10", value: "lb1" },
        { time: 4000, lane: "virtual-address" as const, subject: "10.89.0.10", value: "lb2" },
        { time: 0, lane: "node" as const, subject: "w9", value: "Ready" },
    ],
    unreadableLines: 0,
};

describe("the availability page", () => {
    it("says what became of the run", () => {
        assert.match(pageOf(every(100)), /<span class="number">0<\/span> of 100 requests failed/);
        assert.match(pageOf(every(100)), /class="verdict good"><strong>within budget/);
        assert.match(pageOf(every(100)), /No request failed/);
        assert.match(pageOf(failing), /class="verdict bad"><strong>over budget/);
        const stalled = pageOf(every(100), { stalls: [{ at: 1, milliseconds: 900 }] });
        assert.match(stalled, /class="verdict warn"><strong>invalid/);
        assert.match(stalled, /<li>the prober itself stood still for 900 ms/);
    });

    it("loads nothing from anywhere", () => {
        const page = pageOf(failing, { events: reboot });
        assert.doesNotMatch(page, /(src|href|url)\s*[=(]|@import|https?:/);
        assert.match(page, /Content-Security-Policy" content="default-src &#39;none&#39;/);
    });

    it("joins failures with the phase they fell into", () => {
        const page = pageOf(failing, { events: reboot });
        assert.match(
            page,
            /<td class="n bad">3<\/td><td>200 ms<\/td><td>reboot on cp2<\/td><td>ingress\/new<\/td><td>HTTP 502/,
        );
        assert.match(page, /3 requests failed at 0:04/);
    });

    it("has a bar for each phase, as text too, and a lane for what changed only", () => {
        const page = pageOf(every(100), { events: reboot });
        assert.match(page, /aria-label="cp2: cp2: reboot, finished, 00:00:03, 2.5 s"/);
        assert.match(page, /<td>cp2<\/td><td>reboot<\/td><td class="n">2.5 s<\/td><td>finished/);
        assert.match(page, /address 10\.89\.0\.10/);
        assert.doesNotMatch(page, /node w9/);
    });

    it("shows names as text, whatever they contain", () => {
        const evil = `</script><img src=x onerror="alert(1)">&'`;
        const phases = [phase(0, evil, evil, "started")];
        const samples = every(100, () => ({ ok: false, detail: evil }));
        const page = pageOf(samples, { cluster: evil, events: { ...reboot, phases } });
        assert.doesNotMatch(page, /<img/);
        assert.equal(page.match(/<\/script>/g)?.length, 2);
        const [, json = ""] = /id="data">(.*)<\/script>/.exec(page) ?? [];
        assert.equal((JSON.parse(json) as { phases: { host: string }[] }).phases[0]?.host, evil);
    });

    it("has a script that is one", () => assert.ok(new Script(SCRIPT)));

    it("keeps direct servers apart", () => {
        const direct = every(100, (planned) => ({ target: BACKEND.name, ok: planned > 5000 }));
        const page = pageOf([...every(100), ...direct], { targets: [INGRESS, BACKEND] });
        assert.match(page, /No request failed/);
        assert.match(page, /backend\/cp1: 51 of 100, away for 5.1 s at most/);
    });

    it("has a row for each of 300 hosts and stays below 1 MB", () => {
        const hosts = Array.from({ length: 300 }, (_, index) => `host${index}`);
        const phases = hosts.flatMap((host, index) =>
            ["drain", "reboot", "ready"].flatMap((name, step) => [
                phase(index * 30 + step * 10, host, name, "started"),
                phase(index * 30 + step * 10 + 9, host, name, "finished"),
            ]),
        );
        const page = pageOf(failing, { events: { ...reboot, phases } });
        assert.equal(page.match(/class="row host"/g)?.length, 300);
        assert.ok(page.length < 1_000_000, String(page.length));
    });

    it("of a run that sent nothing is a page all the same", () => assert.match(pageOf([]), /of 0 requests failed/));
});

describe("the summary on the terminal", () => {
    it("has the targets, the failures with their phases, and the verdict last", () => {
        const text = availabilityTable(reportOf(failing, { events: reboot }), noColours);
        assert.match(text, / {2}ingress\/new +100 +100 +3 +300 +2\.0 /);
        assert.match(text, / {2}4\.0 s {2}ingress\/new: status no server, during reboot on cp2\n/);
        assert.match(
            text,
            /cluster sample: 3 of 100 requests failed in 10 s: over budget\n {2}3 failed requests; the budget is 0$/,
        );
    });

    it("shows ten failures and counts the rest", () => {
        const text = availabilityTable(reportOf(every(100, () => ({ ok: false }))), noColours);
        assert.equal(text.match(/timeout no answer/g)?.length, 10);
        assert.match(text, /and 90 more/);
    });
});

describe("words and scales of the page", () => {
    for (const [milliseconds, words] of [
        [1.25, "1.3 ms"],
        [840.4, "840 ms"],
        [2530, "2.5 s"],
        [60_000, "1 min"],
        [270_000, "4 min 30 s"],
        [7_500_000, "2 h 5 min"],
    ] as const) {
        it(`says ${words}`, () => assert.equal(lengthInWords(milliseconds), words));
    }

    it("counts elapsed time in minutes, and in hours where there are any", () => {
        assert.deepEqual([elapsed(5000), elapsed(125_900), elapsed(3_725_000)], ["0:05", "2:05", "1:02:05"]);
    });

    it("has at most a dozen round ticks for any length", () => {
        for (const seconds of [1, 9, 45, 340, 5000, 40_000, 400_000]) {
            const { ticks, at } = timeScale({ start: 1000, end: 1000 + seconds * 1000 });
            assert.ok(ticks.length >= 2 && ticks.length <= 13, `${seconds}: ${ticks.length}`);
            assert.deepEqual([at(0), at(1000), at(1000 + seconds * 1000), at(Infinity)], [0, 0, 100, 100]);
        }
    });

    it("tells failures within two seconds as one event", () => {
        const { failures } = reportOf(every(100, (planned) => ({ ok: ![1000, 1100, 3100, 5200].includes(planned) })));
        assert.deepEqual(
            bursts(failures).map(({ start, end, failures: { length } }) => [start, end, length]),
            [
                [1000, 3100, 3],
                [5200, 5200, 1],
            ],
        );
    });
});
