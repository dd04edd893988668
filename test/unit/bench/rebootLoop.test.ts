import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { abortableClock } from "../../../bench/reboot/abortableClock";
import { openEventLog } from "../../../bench/reboot/eventLog";
import { handLoop } from "../../../bench/reboot/handLoop";
import type { HandPorts } from "../../../bench/reboot/handPorts";
import { WAYS } from "../../../bench/reboot/ways";
import { type PhaseEvent, parseEvents } from "../../../maintenance/probe/maintenanceEvents";
import { phaseSpans } from "../../../maintenance/probe/spans";
import { Duration } from "../../../model/duration";
import { HandHosts, recordingLog } from "./rebootHosts";

const PAUSE = Duration.seconds(10);
const loop = (way: "a" | "b" | "c", hosts: readonly string[]) => ({
    steps: WAYS[way].steps ?? [],
    hosts,
    pause: PAUSE,
});
const lengths = (events: readonly PhaseEvent[], phase: string): number[] =>
    phaseSpans(events, 0)
        .filter((span) => span.phase === phase)
        .map(({ start, end }) => end - start);

describe("a loop by hand", () => {
    it("drains, reboots, waits 30 s whatever the host does, uncordons and pauses", async () => {
        const hosts = new HandHosts({ bootSeconds: 5, readySeconds: 3 });
        const log = recordingLog(hosts.clock);
        const { start, end } = await handLoop(loop("a", ["w1", "w2"]), hosts, log);
        assert.deepEqual(hosts.done, [
            "kubectl drain w1 --ignore-daemonsets --delete-emptydir-data --force",
            "reboot w1",
            "kubectl uncordon w1",
            "kubectl drain w2 --ignore-daemonsets --delete-emptydir-data --force",
            "reboot w2",
            "kubectl uncordon w2",
        ]);
        assert.deepEqual(lengths(log.events, "fixed-wait"), [30_000, 30_000]);
        assert.deepEqual(lengths(log.events, "pause"), [10_000]);
        assert.equal(end - start, 70_000);
    });

    it("knows when the host was back, although it does not wait for it", async () => {
        const hosts = new HandHosts({ bootSeconds: 5, readySeconds: 3 });
        const log = recordingLog(hosts.clock);
        await handLoop(loop("a", ["w1"]), hosts, log);
        assert.deepEqual(lengths(log.events, "reboot"), [5000]);
        assert.deepEqual(lengths(log.events, "node-back"), [3000]);
    });

    it("goes on after 30 s when the host is not back, and waits for it after the end", async () => {
        const hosts = new HandHosts({ bootSeconds: 40, readySeconds: 5 });
        const log = recordingLog(hosts.clock);
        const { start, end } = await handLoop(loop("a", ["w1"]), hosts, log);
        assert.equal(end - start, 30_000);
        assert.deepEqual(lengths(log.events, "reboot"), [40_000]);
        assert.deepEqual(lengths(log.events, "node-back"), [5000]);
    });

    it("with balancer control takes the host out of ingress first and puts it back last", async () => {
        const hosts = new HandHosts({ bootSeconds: 5, readySeconds: 3 });
        await handLoop(loop("b", ["cp1"]), hosts, recordingLog(hosts.clock));
        assert.equal(hosts.done[0], "ingress cp1 maint");
        assert.equal(hosts.done.at(-1), "ingress cp1 ready");
    });

    it("that waits for Ready uncordons as soon as the node is", async () => {
        const hosts = new HandHosts({ bootSeconds: 5, readySeconds: 3 });
        const { start, end } = await handLoop(loop("c", ["w1", "w2"]), hosts, recordingLog(hosts.clock));
        assert.equal(end - start, 16_000);
    });

    it("gives a kubectl command that fails again", async () => {
        const hosts = new HandHosts({ bootSeconds: 5, readySeconds: 3, kubectlFailures: 2 });
        await handLoop(loop("c", ["w1"]), hosts, recordingLog(hosts.clock));
        assert.equal(hosts.done.filter((line) => line.startsWith("kubectl drain")).length, 3);
    });

    it("fails with what it saw last when kubectl never succeeds", async () => {
        const hosts = new HandHosts({ bootSeconds: 5, readySeconds: 3, kubectlFailures: Infinity });
        const log = recordingLog(hosts.clock);
        await assert.rejects(handLoop(loop("c", ["w1"]), hosts, log), /kubectl drain w1 to succeed.*no answer/);
        assert.deepEqual(
            log.events.map(({ phase, state }) => `${phase} ${state}`),
            ["drain started", "drain failed"],
        );
    });

    it("fails when a host does not come back", async () => {
        const hosts = new HandHosts({ bootSeconds: Infinity, readySeconds: 0 });
        await assert.rejects(
            handLoop(loop("c", ["w1"]), hosts, recordingLog(hosts.clock)),
            /w1 to answer with a new boot id; last seen: no answer/,
        );
    });

    it("ends in the middle of a wait when it is interrupted, and the host is back when it has ended", async () => {
        const stop = new AbortController();
        const hosts = new HandHosts({ bootSeconds: 5, readySeconds: 3 });
        const ports: HandPorts = {
            kubectl: hosts.kubectl,
            balancers: hosts.balancers,
            nodes: hosts.nodes,
            hosts: {
                bootId: hosts.hosts.bootId,
                async reboot(host) {
                    await hosts.hosts.reboot(host);
                    stop.abort();
                },
            },
            clock: abortableClock(stop.signal),
            patientClock: hosts.clock,
        };
        const log = recordingLog(hosts.clock);
        await assert.rejects(handLoop(loop("a", ["w1"]), ports, log), { name: "AbortError" });
        assert.deepEqual(lengths(log.events, "node-back"), [3000]);
        assert.ok(!hosts.done.includes("kubectl uncordon w1"));
    });
});

describe("the events of a loop by hand", () => {
    it("are what the prober reads", () => {
        const folder = mkdtempSync(path.join(tmpdir(), "quorate-bench-"));
        try {
            const file = path.join(folder, "events.ndjson");
            const log = openEventLog(file, new HandHosts({ bootSeconds: 1, readySeconds: 1 }).clock);
            log.record("w1", "drain", "started");
            log.copy(JSON.stringify({ time: "2026-11-21T22:00:01.000Z", host: "w1", phase: "gate", state: "started" }));
            const { phases, unreadableLines } = parseEvents(readFileSync(file, "utf8"));
            assert.deepEqual(phases.map(({ phase }) => phase).sort(), ["drain", "gate"]);
            assert.equal(unreadableLines, 0);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});
