import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJournal, type JournalEntry } from "../../../../maintenance/workflow/journal";
import { openJournalFile } from "../../../../maintenance/workflow/journalFile";
import { readRun } from "../../../../maintenance/workflow/runEnded";
import { journalPath, makeRunFolder } from "../../../../maintenance/workflow/runFolder";
import { hostsIn, runState } from "../../../../maintenance/workflow/runState";
import { fakeClock } from "../../../fakes/fakeClock";

const phase = (name: string, state: "started" | "finished" | "undone"): JournalEntry => ({
    kind: "phase",
    time: "",
    host: "w1",
    phase: name,
    state,
});
const host = (state: "away" | "back" | "done" | "put-back", name = "w1"): JournalEntry => ({
    kind: "host",
    time: "",
    host: name,
    state,
});

describe("a journal", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "journal-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it("is continued where it ended, and is its owner's alone", async () => {
        const path = join(folder, "journal.ndjson");
        const first = openJournalFile(path, fakeClock());
        await first.append({ kind: "host", host: "w1", state: "away" });
        first.close();
        const second = openJournalFile(path, fakeClock());
        await second.append({ kind: "host", host: "w1", state: "back" });
        second.close();
        assert.deepEqual(
            parseJournal(readFileSync(path, "utf8")).map((entry) => "state" in entry && entry.state),
            ["away", "back"],
        );
        assert.equal(statSync(path).mode & 0o777, 0o600);
    });

    it("drops a line that its writer did not finish, and goes on cleanly after it", async () => {
        const path = join(folder, "journal.ndjson");
        const first = openJournalFile(path, fakeClock());
        await first.append({ kind: "host", host: "wörker", state: "away" });
        first.close();
        appendFileSync(path, '{"kind":"host","ti');
        const second = openJournalFile(path, fakeClock());
        assert.equal(second.entries.length, 1);
        await second.append({ kind: "end", outcome: "finished" });
        second.close();
        assert.equal(parseJournal(readFileSync(path, "utf8")).length, 2);
    });

    it("is read beside its writer without a change to it", async () => {
        const path = journalPath(folder, "run-1");
        const writer = openJournalFile(join(makeRunFolder(folder, "run-1"), "journal.ndjson"), fakeClock());
        await writer.append({ kind: "host", host: "w1", state: "away" });
        appendFileSync(path, '{"kind":"host","ti');
        const before = readFileSync(path, "utf8");
        assert.equal(readRun(folder, "run-1").length, 1);
        assert.equal(readFileSync(path, "utf8"), before);
        assert.deepEqual(readRun(folder, "run-2"), []);
        writer.close();
    });

    it("is refused with the line when it holds something else", () => {
        assert.throws(
            () => parseJournal('{"kind":"host"}\n'),
            /journal line 1 is .*expected an entry of quorate's own/,
        );
    });
});

describe("where a host stands by its journal", () => {
    it("lists what was begun and not undone", () => {
        const entries = [
            host("away"),
            phase("a", "started"),
            phase("a", "finished"),
            phase("b", "started"),
            phase("b", "undone"),
        ];
        assert.deepEqual(runState(entries).w1?.begun, ["a"]);
        assert.equal(runState(entries).w1?.stage, "away");
    });

    it("forgets phases and notes of a turn that was put back", () => {
        const note: JournalEntry = { kind: "note", time: "", host: "w1", key: "boot-id", value: "x" };
        const entries = [host("away"), note, phase("a", "started"), host("put-back")];
        assert.deepEqual(runState(entries).w1, { stage: "put-back", begun: [], last: "", notes: {} });
    });

    it("follows a journal that grows", () => {
        const entries = [host("away")];
        assert.deepEqual(hostsIn(entries, ["away"]), ["w1"]);
        entries.push(host("back"), host("away", "w2"));
        assert.deepEqual(hostsIn(entries, ["away"]), ["w2"]);
        assert.deepEqual(hostsIn(entries, ["back", "away"]), ["w1", "w2"]);
    });
});
