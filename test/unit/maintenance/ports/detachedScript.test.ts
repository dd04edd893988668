import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
    followCommand,
    forgetCommand,
    parseFollowed,
    type DetachedRun,
    type RunState,
} from "../../../../maintenance/ports/detachedScript";
import { Duration } from "../../../../model/duration";
import { bashHost } from "../../components/bashHost";

/** Leaves a line for each time it is run, also half. */
const SCRIPT = `echo begun >>/var/steps; sleep 0.1; echo "it's done"; echo careful >&2; exit 3`;
/** Goes on until a file is there. */
const WAITING = "echo begun >>/var/steps; until [ -e /var/go ]; do sleep 0.02; done";

function bootId(): string {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

describe("shell that follows a detached step", () => {
    const host = bashHost();
    const run = (change: Partial<DetachedRun> = {}): DetachedRun => ({
        unit: "quorate-test",
        attempt: "a1",
        bootId: bootId(),
        script: SCRIPT,
        ...change,
    });
    const command = (change: Partial<DetachedRun> = {}, { mayBegin = true, seconds = 20 } = {}) =>
        followCommand(run(change), { mayBegin, wait: Duration.seconds(seconds) });
    const follow = (...args: Parameters<typeof command>): RunState | undefined =>
        parseFollowed(host().run(command(...args)).stdout);
    const timesBegun = () => (host().exists("/var/steps") ? host().read("/var/steps").trim().split("\n").length : 0);

    beforeEach(() => {
        host().write("/var/empty", "");
        // As PID 1 does it: beside the session, and one unit of a name at a time.
        host().fake(
            "systemd-run",
            `mkdir "${host().at("/unit")}" 2>/dev/null || { echo "Unit was already loaded" >&2; exit 1; }
shift 3
{ "$@"; rmdir "${host().at("/unit")}"; } </dev/null >/dev/null 2>&1 9<&- &`,
        );
        host().fake("systemctl", "echo running; exit 1");
    });

    it("runs a script once, and hands over its outputs and exit status as often as it is asked", () => {
        const first = host().run(command());
        assert.deepEqual(parseFollowed(first.stdout), { kind: "ended", status: 3, stdout: "it's done\n" });
        assert.equal(first.stderr, "careful\n");
        assert.deepEqual(follow({}, { mayBegin: false }), { kind: "ended", status: 3, stdout: "it's done\n" });
        assert.equal(timesBegun(), 1);
        assert.match(host().calls()[0] ?? "", /^systemd-run --quiet --collect --unit=quorate-test env -i /);
    });

    it("gives a script the environment of all steps, and none of systemd's own", () => {
        const script = "env -u _ -u SHLVL -u PWD -u OLDPWD | sort";
        const ended = follow({ script });
        assert.equal(ended?.kind, "ended");
        assert.match(ended.stdout, /^HOME=\/root\nLC_ALL=C\nPATH=\S*\/usr\/local\/sbin\S*\n$/);
    });

    it("runs it once when two sessions begin it at once", () => {
        const { stdout } = host().run(`( ${command()}\n) & ( ${command()}\n) & wait`);
        assert.equal(stdout.match(/^ended 3$/gm)?.length, 2, stdout);
        assert.equal(timesBegun(), 1);
    });

    for (const delay of ["0", "0.01", "0.02", "0.04", "0.08", "0.12"]) {
        it(`runs it once when the session that begins it is killed after ${delay} s`, () => {
            const { stdout } = host().run(`( ${command()}
) >/dev/null 2>&1 &
sleep ${delay}
kill -KILL $!
${command()}`);
            assert.deepEqual(parseFollowed(stdout), { kind: "ended", status: 3, stdout: "it's done\n" });
            assert.equal(timesBegun(), 1);
        });
    }

    it("joins a run of the same name that is under way, whoever began it", () => {
        assert.deepEqual(follow({ script: WAITING }, { seconds: 0 }), { kind: "running" });
        assert.deepEqual(follow({ attempt: "b2" }, { seconds: 0 }), { kind: "running" });
        host().write("/var/go", "");
        assert.deepEqual(follow({ attempt: "b2" }), { kind: "ended", status: 0, stdout: "" });
        assert.equal(timesBegun(), 1);
    });

    it("runs again for another attempt when the one before has ended", () => {
        follow();
        assert.deepEqual(follow({ attempt: "b2" }), { kind: "ended", status: 3, stdout: "it's done\n" });
        assert.equal(timesBegun(), 2);
    });

    it("says so when the run is not there and may not be begun, or belongs to another boot", () => {
        assert.deepEqual(follow({}, { mayBegin: false }), { kind: "not begun" });
        assert.deepEqual(follow({ bootId: "another" }), { kind: "rebooted" });
        assert.equal(timesBegun(), 0);
    });

    it("tells a run that was killed from one that its host took down", () => {
        const script = "kill -KILL $PPID";
        assert.deepEqual(follow({ script }), { kind: "killed" });
        host().fake("systemctl", "echo stopping");
        assert.deepEqual(follow({ attempt: "b2", script }), { kind: "stopping" });
    });

    it("says why its unit cannot be started", () => {
        host().fake("sleep");
        host().fake("systemd-run", "echo Access denied >&2; exit 1");
        const { code, stderr } = host().run(command());
        assert.equal(code, 1);
        assert.equal(stderr, "its unit cannot be started: Access denied\n");
    });

    it("leaves nothing behind once the result is known", () => {
        follow();
        assert.equal(host().run(forgetCommand(run())).code, 0);
        assert.equal(host().run("ls -A /run/quorate/steps/").stdout, "");
    });

    it("keeps another attempt's result when it cleans up", () => {
        follow();
        follow({ attempt: "b2" });
        host().run(forgetCommand(run()));
        assert.deepEqual(follow({ attempt: "b2" }, { mayBegin: false })?.kind, "ended");
    });
});
