import assert from "node:assert/strict";
import { noColours } from "../../../../maintenance/report/paint";
import { liveReporter } from "../../../../maintenance/report/runReporters";
import { runTable } from "../../../../maintenance/report/runTable";
import { emptyView, withEnd, withEvent, withNote, type RunView } from "../../../../maintenance/report/runView";
import type { RunEvent } from "../../../../maintenance/workflow/runReporter";
import { fakeClock } from "../../../fakes/fakeClock";

const START = Date.parse("2026-11-21T12:00:00Z");
const event = (
    host: string,
    phase: string,
    state: RunEvent["state"],
    second: number,
    more: Partial<RunEvent> = {},
): RunEvent => ({
    time: new Date(START + second * 1000).toISOString(),
    host,
    phase,
    state,
    detail: "",
    ...more,
});

const HOSTS = ["w1", "w2", "w3"].map((host) => ({ host, role: "worker", phases: 4 }));
const SIZE = { columns: 100, rows: 20 };
const table = (view: RunView, second: number, size = SIZE) => runTable(view, START + second * 1000, noColours, size);

describe("the table of a run", () => {
    it("shows for each host how far it is, its phase, the time of it, and what was seen last", () => {
        let view = emptyView(HOSTS);
        view = withEnd(withEvent(view, event("w1", "gate", "started", 0)), "w1", "done", "", START + 30_000);
        view = withEvent(view, event("w2", "gate", "started", 30));
        view = withEvent(view, event("w2", "gate", "finished", 31));
        view = withEvent(view, event("w2", "evict-rest", "started", 31, { deadlineMs: 300_000 }));
        view = withNote(view, "w2", "pod shop/a is held by PodDisruptionBudget shop/shop");
        assert.deepEqual(table(view, 43), [
            "  host                phase       time",
            "  w1    ############  gate        30 s done",
            "  w2    ###.........  evict-rest  12 s of 300 s, 13 s in all  pod shop/a is held by PodDisruption...",
            "  w3    ............              waiting",
            "  1 done, 1 working, 1 waiting",
        ]);
    });

    it("goes back when phases are undone", () => {
        let view = withEvent(emptyView(HOSTS), event("w1", "cordon", "started", 0));
        view = withEvent(view, event("w1", "cordon", "finished", 1));
        view = withEvent(view, event("w1", "undo-cordon", "started", 2));
        view = withEvent(view, event("w1", "undo-cordon", "finished", 3));
        assert.equal(view.get("w1")?.finished, 0);
    });

    it("fits the terminal: the hosts in work stay, no line is wider", () => {
        const hosts = Array.from({ length: 300 }, (_, index) => ({ host: `node-${index}`, role: "worker", phases: 4 }));
        let view = withEvent(emptyView(hosts), event("node-250", "reboot", "started", 0));
        view = withNote(view, "node-250", "x".repeat(500));
        const lines = table(view, 5, { columns: 80, rows: 10 });
        assert.ok(lines.length <= 11);
        assert.ok(lines.some((line) => line.includes("node-250")));
        assert.ok(
            lines.every((line) => line.length <= 80),
            lines.find((line) => line.length > 80),
        );
    });

    it("is drawn over itself, with lines above it", () => {
        let written = "";
        const terminal = { write: (text: string) => (written += text), columns: 80, rows: 20 };
        const reporter = liveReporter(emptyView(HOSTS), terminal, noColours, fakeClock());
        reporter.draw();
        reporter.line("a line");
        assert.ok(written.includes("\u001b[5A\u001b[Jquorate: a line\n"));
    });
});
