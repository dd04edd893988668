import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { hostPort } from "../../lab/network/bridge";
import { until } from "../../lab/wait";
import type { StepOutcome } from "./detachedStepDriver";
import { driveStep } from "./drivenStep";
import type { HostsLab } from "./hostsLab";
import { startedHost } from "./startedHost";

/** FAILURES F50: what a step has said is known this long after the step has ended and the host can be reached. */
const BOUND_MS = 10_000;
const HOST = "w1";

const SSH_SESSIONS = "sshd(-session)?: root@notty";
/** Notes each time it begins, goes on until the test lets it end, and notes when it ends. */
const SCRIPT =
    "echo begun >>/root/begun; until [ -e /root/go ]; do sleep 0.05; done; date +%s%3N >/root/ended; echo done";
const NOTES = ["begun", "go", "ended", "restarted"];

describe("a step on a lab host whose connection breaks (F50)", function () {
    this.timeout(120_000);
    let hosts: HostsLab;

    before(async function () {
        hosts = await startedHost(this, HOST);
    });
    after(async () => hosts?.stop());
    beforeEach(() => NOTES.forEach((name) => rmSync(note(hosts, name), { force: true })));

    it("runs once, and its result arrives, when its SSH sessions are killed", async () => {
        const outcome = drive(hosts);
        await seen(hosts, "begun");
        await hosts.lab("ssh", HOST, `pkill -KILL -f '${SSH_SESSIONS}'`);
        const killed = Date.now();
        letGo(hosts);
        await arrivedOnce(hosts, await outcome, killed);
    });

    it("runs once, and its result arrives, when sshd was down when it ended", async () => {
        const outcome = drive(hosts);
        await seen(hosts, "begun");
        const outage = `systemctl stop ssh; pkill -KILL -f '${SSH_SESSIONS}'; touch /root/go; sleep 8; systemctl start ssh; date +%s%3N >/root/restarted`;
        await hosts.lab("ssh", HOST, `systemd-run --quiet bash -c "${outage}"`);
        await arrivedOnce(hosts, await outcome, Number(await seen(hosts, "restarted")));
    });

    for (const seconds of [4, 9, 25]) {
        it(`runs once, and its result arrives, when it ends while no packet passes, for ${seconds} s`, async () => {
            const outcome = drive(hosts);
            await seen(hosts, "begun");
            await passPackets(hosts, false);
            letGo(hosts);
            await pause(seconds * 1000);
            const healed = Date.now();
            await passPackets(hosts, true);
            await arrivedOnce(hosts, await outcome, healed);
        });
    }

    it("is told to have been interrupted, and is not run again, when the host reboots", async () => {
        const outcome = drive(hosts);
        await seen(hosts, "begun");
        await hosts.lab("ssh", HOST, "systemctl reboot");
        const { error } = await outcome;
        assert.match(error ?? "", /^w1: the host (rebooted|began to shut down) while testing; run again/);
        await until({
            what: `${HOST} to answer`,
            deadlineMs: 60_000,
            observe: () => hosts.lab("ssh", HOST, "true"),
            satisfied: ({ status }) => status === 0,
            describe: ({ stderr }) => stderr,
        });
        assert.equal(read(hosts, "begun"), "begun\n");
        assert.equal(await hosts.on(HOST, "ls /run/quorate/steps 2>/dev/null || true"), "");
    });
});

/** A file of the host's root user, as the machine sees it. */
function note(hosts: HostsLab, name: string): string {
    return path.join(hosts.state, "hosts", HOST, "root/root", name);
}

function read(hosts: HostsLab, name: string): string {
    return existsSync(note(hosts, name)) ? readFileSync(note(hosts, name), "utf8") : "";
}

function letGo(hosts: HostsLab): void {
    writeFileSync(note(hosts, "go"), "");
}

/** Waits until a note was written, and returns it. */
function seen(hosts: HostsLab, name: string): Promise<string> {
    return until({
        what: `the note ${name}`,
        deadlineMs: 60_000,
        observe: () => read(hosts, name),
        satisfied: (text) => text.endsWith("\n"),
        describe: (text) => text || "nothing",
    });
}

/** Runs the step from the lab's network; not awaited, it goes on beside what is done to the host. */
function drive(hosts: HostsLab): Promise<StepOutcome> {
    return driveStep(hosts, HOST, SCRIPT, { user: "root" });
}

/** @param healed when the host could be reached again, in milliseconds since 1970 */
async function arrivedOnce(hosts: HostsLab, { stdout, error, at }: StepOutcome, healed: number): Promise<void> {
    assert.equal(stdout, "done\n", error);
    assert.equal(read(hosts, "begun"), "begun\n");
    // Lab hosts have the machine's clock.
    const ended = Number(read(hosts, "ended"));
    const took = at - Math.max(ended, healed);
    console.log(`      the result arrived ${took} ms after it was there to be had`);
    assert.ok(took < BOUND_MS, `${took} ms`);
    assert.equal(await hosts.on(HOST, "ls -A /run/quorate/steps"), "");
}

/** Lets packets between the driver and the host pass or not, in both directions; neither end is told. */
async function passPackets(hosts: HostsLab, pass: boolean): Promise<void> {
    const state = pass ? "3" : "0"; // forwarding, disabled: kernel.org, if_bridge.h
    const { status, stderr } = await hosts.inNamespace([
        "bridge",
        "link",
        "set",
        "dev",
        hostPort(HOST),
        "state",
        state,
    ]);
    assert.equal(status, 0, stderr);
}
