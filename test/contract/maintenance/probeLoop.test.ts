import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { openLoop, type Lane, type OpenLoop } from "../../../maintenance/probe/openLoop";
import { preciseNow } from "../../../maintenance/probe/preciseClock";
import { plannedAt } from "../../../maintenance/probe/schedule";

const ROOT = join(__dirname, "../../..");
const never = new AbortController().signal;

describe("the open loop", () => {
    const lane = (send: Lane["send"], rate = 100): Lane => ({ name: "x", rate, channels: 3, send });
    const loop = (lanes: readonly Lane[], change: Partial<OpenLoop> = {}): OpenLoop => {
        const start = preciseNow();
        const defaults = { seed: 1, start, end: start + 500, deadline: 5000, maxInFlight: 1000, stop: never };
        return { lanes, ...defaults, ...change };
    };

    it("sends at the planned times, to the channels in turn, and never early", async () => {
        const sent: { planned: number; at: number; channel: number }[] = [];
        const send: Lane["send"] = ({ planned, channel }) => {
            sent.push({ planned, at: preciseNow(), channel });
            return Promise.resolve();
        };
        const run = loop([lane(send)]);
        const dispatch = await openLoop(run);
        assert.deepEqual(dispatch.get("x"), { planned: 50, unsent: 0 });
        sent.forEach(({ planned, at, channel }, index) => {
            const offset = plannedAt({ seed: 1, stream: "x", rate: 100 }, index);
            assert.ok(Math.abs(planned - run.start - offset) < 0.2);
            assert.ok(at >= planned);
            assert.equal(channel, index % 3);
        });
    });

    it("goes on while nothing is answered, and waits for what is under way at the end", async () => {
        const answers: (() => void)[] = [];
        let ended = false;
        const send = () => new Promise<void>((resolve) => answers.push(resolve));
        const running = openLoop(loop([lane(send)])).then((dispatch) => {
            ended = true;
            return dispatch;
        });
        while (answers.length < 50) await new Promise((resolve) => setTimeout(resolve, 10));
        assert.equal(ended, false);
        answers.forEach((resolve) => resolve());
        assert.deepEqual((await running).get("x"), { planned: 50, unsent: 0 });
    });

    it("counts what it could not send because too much was under way, and never sends it", async () => {
        let sent = 0;
        const answered = preciseNow() + 2500;
        const send = () => {
            sent += 1;
            return new Promise<void>((resolve) => setTimeout(resolve, answered - preciseNow()));
        };
        const dispatch = await openLoop(loop([lane(send)], { maxInFlight: 20 }));
        assert.equal(sent, 20);
        assert.deepEqual(dispatch.get("x"), { planned: 50, unsent: 30 });
    });

    it("does not send what it has slept over: its deadline is gone", async () => {
        const start = preciseNow() - 10_000;
        let sent = 0;
        const send = ({ planned }: { planned: number }) => {
            sent += 1;
            assert.ok(preciseNow() - planned < 5000);
            return Promise.resolve();
        };
        const dispatch = await openLoop(loop([lane(send, 10)], { start, end: start + 10_000 }));
        assert.deepEqual(dispatch.get("x"), { planned: 100, unsent: 100 - sent });
        assert.ok(sent < 60);
    });

    it("stops at once when told to", async () => {
        const stop = new AbortController();
        let sent = 0;
        const send = () => {
            sent += 1;
            if (sent === 5) stop.abort();
            return Promise.resolve();
        };
        const dispatch = await openLoop(loop([lane(send)], { end: Infinity, stop: stop.signal }));
        assert.equal(sent, 5);
        assert.equal(dispatch.get("x")?.planned, 5);
    });
});

describe("the stall watch", () => {
    /** Runs a program beside the watch and returns the stalls. */
    function stallsOf(work: string): { milliseconds: number }[] {
        const program = `
            const { watchStalls } = require(${JSON.stringify(join(ROOT, "maintenance/probe/stallWatch.ts"))});
            const watch = watchStalls();
            ${work}`;
        const args = ["--require", "ts-node/register/transpile-only", "--eval", program];
        return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })) as {
            milliseconds: number;
        }[];
    }

    const END = `process.stdout.write(JSON.stringify(watch.stop()));`;

    it("sees that the event loop was blocked, and for how long", () => {
        const block = `setTimeout(() => { const end = Date.now() + 900; while (Date.now() < end); }, 300);`;
        const stalls = stallsOf(`${block} setTimeout(() => { ${END} }, 1600);`);
        const longest = Math.max(...stalls.map(({ milliseconds }) => milliseconds));
        assert.ok(longest >= 800, JSON.stringify(stalls));
    });

    it("sees that the whole process was stopped", () => {
        const stalls = stallsOf(`
            process.on("SIGCONT", () => setTimeout(() => { ${END} process.exit(); }, 50));
            setTimeout(() => require("node:child_process").exec(
                "kill -STOP " + process.pid + "; (sleep 0.9; kill -CONT " + process.pid + ") &"), 300);`);
        const longest = Math.max(...stalls.map(({ milliseconds }) => milliseconds));
        assert.ok(longest >= 700, JSON.stringify(stalls));
    });
});
