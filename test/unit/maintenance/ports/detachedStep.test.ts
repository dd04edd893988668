import assert from "node:assert/strict";
import fc from "fast-check";
import { runDetached, type DetachedStep } from "../../../../maintenance/ports/detachedStep";
import {
    BrokenConnectionError,
    HostKeyError,
    RemoteError,
    UnreachableError,
    type ExecResult,
    type Remote,
} from "../../../../maintenance/ports/remote";
import { Duration } from "../../../../model/duration";
import { DetachedHost, type Fault } from "../../../fakes/detachedHost";
import { fakeClock, type FakeClock } from "../../../fakes/fakeClock";
import { FakeRemote } from "../../../fakes/fakeRemote";
import { LeaveCluster } from "../../../fakes/leaveCluster";

const cp1 = new LeaveCluster().host("cp1");
const step: DetachedStep = {
    unit: "quorate-test",
    script: "do 'it' quietly",
    what: "doing it",
    deadline: Duration.seconds(60),
};
const SUCCESS: Partial<ExecResult> = { stdout: "done\n" };

interface Case {
    readonly faults?: readonly Fault[];
    readonly takes?: number;
    readonly result?: Partial<ExecResult>;
    readonly says?: string;
}

/** A step of 20 s, on a host where things go wrong. */
function host({ faults = [], takes = 20_000, result = SUCCESS, says }: Case) {
    const clock = fakeClock();
    const remote = new DetachedHost(new FakeRemote({ [step.script]: result }), {
        clock,
        takes,
        faults,
        ...(says === undefined ? {} : { says }),
    });
    const reports: string[] = [];
    const report = (line: string) => void reports.push(line);
    return { remote, clock, reports, run: () => runDetached(remote, cp1, step, { clock, report }) };
}

describe("a detached step (F50)", () => {
    it("returns what its script printed, under the name of its unit, and leaves nothing behind", async () => {
        const { remote, run } = host({});
        assert.equal(await run(), "done\n");
        assert.deepEqual(remote.units, ["quorate-test"]);
        assert.deepEqual(remote.forgotten, remote.ran);
    });

    const survived: Readonly<Record<string, readonly Fault[]>> = {
        "before the host was told to begin": ["before"],
        "while the host does not answer for a moment": ["unreachable", "unreachable"],
        "while it is waited for": ["during"],
        "again and again": ["before", "during", "unreachable", "during", "during"],
        "just when it ends": ["answer"],
        "for a while in the middle": ["during", "away"],
        "by the end of the shell that waits": ["shell"],
    };
    for (const [when, faults] of Object.entries(survived)) {
        it(`runs once when the connection breaks ${when}`, async () => {
            const { remote, run } = host({ faults });
            assert.equal(await run(), "done\n");
            assert.equal(remote.ran.length, 1);
        });
    }

    it("fails with the exit status and the end of what it said, like a plain command", async () => {
        const { remote, run } = host({ faults: ["during"], result: { code: 3, stderr: "one\ntwo\n" } });
        await assert.rejects(run(), (error: RemoteError) => {
            assert.equal(error.exit, 3);
            assert.equal(error.message, "cp1: doing it ended with exit status 3:\none\ntwo");
            return true;
        });
        assert.deepEqual(remote.forgotten, []);
    });

    it("tells that the host rebooted under it, and does not begin it in another boot", async () => {
        const { remote, run } = host({ faults: ["reboot"] });
        await assert.rejects(run(), /^RemoteError: cp1: the host rebooted while doing it; run again$/);
        assert.equal(remote.ran.length, 1);
    });

    it("is not begun by an order that has become old: the run may have lost its lock meanwhile", async () => {
        const { remote, run } = host({ faults: ["away"] });
        await assert.rejects(run(), /cp1: doing it was not begun: .* not made again within 10s/);
        assert.deepEqual(remote.ran, []);
    });

    it("is told with its unit at the deadline, when it runs still", async () => {
        const { run } = host({ takes: 3600_000 });
        const expected = /cp1: doing it: no end within 60s; it may still run .*: systemctl status quorate-test$/;
        await assert.rejects(run(), expected);
    });

    it("is waited for as long when the machine that waits sleeps meanwhile, and is not begun after that", async () => {
        for (const [faults, expected] of [
            [["during", "unreachable"], "done\n"],
            [["before", "unreachable"], /was not begun/],
        ] as const) {
            const { remote, clock, run } = host({ faults });
            clock.pause = sleepingOnce(clock);
            if (typeof expected === "string") assert.equal(await run(), expected);
            else await assert.rejects(run(), expected);
            assert.equal(remote.ran.length, faults[0] === "during" ? 1 : 0);
        }
    });

    it("tells while it lasts that the host does not answer, once for each reason", async () => {
        const { reports, run } = host({ faults: ["during", ...Array<Fault>(5).fill("unreachable")] });
        assert.equal(await run(), "done\n");
        assert.deepEqual(reports, [
            "doing it: the connection broke; asking again",
            "doing it: no SSH at 10.89.0.21:22; asking again",
        ]);
    });

    it("is told with what was seen last at the deadline, when the host does not come back", async () => {
        const { run } = host({ faults: ["during", ...Array<Fault>(10).fill("away")] });
        await assert.rejects(run(), /no end within 60s; last seen: no SSH at .*; it may still run .*quorate-test$/);
    });

    const ends: Readonly<Record<string, RegExp>> = {
        "killed\n": /doing it left no exit status: its unit was stopped or killed; run again/,
        "stopping\n": /the host began to shut down while doing it/,
    };
    for (const [says, expected] of Object.entries(ends)) {
        it(`tells what became of it when the host says ${says.trim()}`, async () => {
            await assert.rejects(host({ says }).run(), expected);
        });
    }

    it("shows what the host said instead when it cannot be begun", async () => {
        const remote = answering({ code: 1, stdout: "", stderr: "its unit cannot be started: Access denied\n" });
        await assert.rejects(runDetached(remote, cp1, step), (error: RemoteError) => {
            assert.equal(error.exit, 1);
            assert.match(error.message, /doing it as unit quorate-test failed .* 1:\nits unit .*Access denied$/);
            return true;
        });
    });

    it("is not tried against a host that is down, or that is another one", async () => {
        const down = new FakeRemote({}, ["cp1"]);
        await assert.rejects(runDetached(down, cp1, step), UnreachableError);
        assert.equal(down.asked.length, 1);
        const stranger = answering(new HostKeyError("cp1", "another host key"));
        await assert.rejects(runDetached(stranger, cp1, step), HostKeyError);
    });

    it("begins over a new connection when the old one turns out to be broken", async () => {
        const { remote, clock } = host({});
        let first = true;
        const stale: Remote = {
            exec(...args) {
                if (!first) return remote.exec(...args);
                first = false;
                return Promise.reject(new BrokenConnectionError("cp1", "the connection broke"));
            },
            close: () => undefined,
        };
        assert.equal(await runDetached(stale, cp1, step, { clock }), "done\n");
    });

    it("runs at most once, and its result is never invented, whatever breaks", async () => {
        const fault = fc.constantFrom<Fault>("unreachable", "before", "during", "answer", "shell", "reboot", "away");
        const cases = fc.record({
            faults: fc.array(fault, { maxLength: 12 }),
            takes: fc.integer({ min: 0, max: 90_000 }),
            code: fc.constantFrom(0, 1),
        });
        await fc.assert(
            fc.asyncProperty(cases, async ({ faults, takes, code }) => {
                const { remote, run } = host({ faults, takes, result: { ...SUCCESS, code } });
                const told = await run().catch((error: unknown) => error);
                assert.ok(remote.ran.length <= 1, `ran ${remote.ran.length} times`);
                if (typeof told === "string") assert.deepEqual([told, code, remote.ran.length], ["done\n", 0, 1]);
                else assert.ok(told instanceof RemoteError, String(told));
                if (!faults.includes("reboot") && !faults.includes("away") && takes < 20_000)
                    assert.equal(typeof told, code === 0 ? "string" : "object");
            }),
        );
    });
});

/** The clock's pauses, of which the first takes an hour by the time of day. */
function sleepingOnce(clock: FakeClock): FakeClock["pause"] {
    const { pause } = clock;
    let hour = 3_600_000;
    return (milliseconds) => {
        clock.correct(hour);
        hour = 0;
        return pause(milliseconds);
    };
}

/** A host that has a boot id and answers everything else with the same. */
function answering(what: ExecResult | Error): Remote {
    return {
        async exec(_host, command) {
            if (command.startsWith("cat ")) return { code: 0, stdout: "boot-1\n", stderr: "" };
            if (what instanceof Error) throw what;
            return what;
        },
        close: () => undefined,
    };
}
