import assert from "node:assert/strict";
import type { LabCluster } from "../../../bench/reboot/labCluster";
import { type SeenPod, startCensus } from "../../../bench/reboot/podCensus";
import { putBack } from "../../../bench/reboot/putBack";
import { type Quorate, quorateReboot } from "../../../bench/reboot/quorateProgram";
import { runProgram } from "../../../bench/reboot/runProgram";
import { missingOfDeployment, missingOfNode } from "../../../bench/reboot/whole";
import { fakeClock } from "../../fakes/fakeClock";
import { sampleInventory } from "../../fakes/sampleCluster";
import { HandHosts } from "./rebootHosts";

describe("the census of pods", () => {
    const clock = () => new HandHosts({ bootSeconds: 0, readySeconds: 0 }).clock;
    const pods = (...uids: string[]): SeenPod[] =>
        uids.map((uid) => ({ uid, node: uid.startsWith("x") ? "w2" : "w1" }));

    it("counts pods that came after its start, also those that went again, and nodes as they were", async () => {
        const seen = [pods("a", "b", "x"), pods("a", "c"), pods("a", "d")];
        const list = () => Promise.resolve(seen.length > 1 ? seen.shift()! : seen[0]!);
        const watch = clock();
        const census = await startCensus(list, ["w1", "w2", "w3"], watch);
        await watch.pause(2000);
        assert.deepEqual(await census.stop(), { created: 2, byNode: [2, 1, 0] });
    });

    it("goes on when the API does not answer for a while", async () => {
        let asked = 0;
        const list = () => {
            asked += 1;
            return asked === 2
                ? Promise.reject(new Error("no answer"))
                : Promise.resolve(pods(asked === 1 ? "a" : "b"));
        };
        const watch = clock();
        const census = await startCensus(list, ["w1"], watch);
        await watch.pause(2000);
        assert.deepEqual(await census.stop(), { created: 1, byNode: [1] });
    });
});

describe("quorate in the reboot bench", () => {
    const scripted = (statuses: Readonly<Record<string, number>>) => {
        const asked: string[][] = [];
        const run: Quorate = (command, args, options) => {
            asked.push([command, ...args]);
            if (command === "reboot") options?.onStdoutLine?.("an event");
            return Promise.resolve({ status: statuses[command] ?? 0, stdout: "", stderr: "the end of it" });
        };
        const copied: string[] = [];
        const log = { record: () => undefined, copy: (line: string) => void copied.push(line) };
        const { signal: stop } = new AbortController();
        return { asked, copied, reboot: () => quorateReboot({ run, log, stop, detail: () => undefined }) };
    };

    it("reboots without a prober of its own and hands on its events", async () => {
        const { asked, copied, reboot } = scripted({ reboot: 0 });
        await reboot();
        assert.equal(asked.length, 1);
        assert.ok(asked[0]!.includes("--no-probe") && asked[0]!.includes("--json"));
        assert.deepEqual(copied, ["an event"]);
    });

    it("is aborted when it leaves something half done", async () => {
        const { asked, reboot } = scripted({ reboot: 1, abort: 0 });
        await assert.rejects(reboot(), /status 1; expected 0:\nthe end of it\nit was aborted/);
        assert.deepEqual(asked[1], ["abort", "--no-probe"]);
    });

    it("says so when it cannot be aborted", async () => {
        await assert.rejects(scripted({ reboot: 1, abort: 1 }).reboot(), /quorate abort: the end of it/);
    });

    for (const status of [4, 75, 130]) {
        it(`is not aborted after status ${status}, which leaves nothing behind`, async () => {
            const { asked, reboot } = scripted({ reboot: status });
            await assert.rejects(reboot(), new RegExp(`status ${status}`));
            assert.equal(asked.length, 1);
        });
    }
});

describe("a program that the bench runs", () => {
    const node = (script: string, options: Parameters<typeof runProgram>[2] = {}) =>
        runProgram(process.execPath, ["--eval", script], options);

    it("returns status, output and errors, line by line as well", async () => {
        const lines: string[] = [];
        const ended = await node("console.log('one'); console.error('two'); process.exitCode = 3", {
            onStdoutLine: (line) => lines.push(line),
        });
        assert.deepEqual(ended, { status: 3, stdout: "one\n", stderr: "two\n" });
        assert.deepEqual(lines, ["one"]);
    });

    it("is asked to end when the bench is interrupted, and may put things back first", async () => {
        const stop = new AbortController();
        const script =
            "process.on('SIGINT', () => { console.log('put back'); process.exit(130); }); setInterval(() => {}, 1000); console.log('ready')";
        const ended = await node(script, { stop: stop.signal, onStdoutLine: () => stop.abort() });
        assert.deepEqual(ended, { status: 130, stdout: "ready\nput back\n", stderr: "" });
    });

    it("is not started after an interruption", async () => {
        await assert.rejects(node("", { stop: AbortSignal.abort() }), /interrupted/);
    });

    it("that cannot be started is named", async () => {
        await assert.rejects(runProgram("/no/such/program", []), /cannot start \/no\/such\/program/);
    });
});

describe("a whole cluster", () => {
    const resources = { cpu: 0, memory: 0 };
    const node = {
        name: "w1",
        ready: true,
        notReadyReason: "",
        cordoned: false,
        cordonedByRun: undefined,
        notReadyTaints: [],
        avoided: false,
    };
    const view = { ...node, bootId: "", allocatable: resources, requested: resources };

    it("has nodes that are Ready and open", () => {
        assert.deepEqual(missingOfNode(view), []);
        assert.deepEqual(missingOfNode({ ...view, ready: false, notReadyReason: "no kubelet", cordoned: true }), [
            "w1 is not Ready: no kubelet",
            "w1 is cordoned",
        ]);
    });

    it("has an application with all its pods, as of its newest generation", () => {
        const metadata = { name: "web", generation: 2 };
        const spec = { replicas: 5, selector: {}, template: {} };
        const status = { observedGeneration: 2, availableReplicas: 5 };
        assert.deepEqual(missingOfDeployment({ metadata, spec, status }), []);
        for (const changed of [{ availableReplicas: 4 }, { observedGeneration: 1 }]) {
            assert.equal(missingOfDeployment({ metadata, spec, status: { ...status, ...changed } }).length, 1);
        }
    });
});

describe("putting everything back", () => {
    it("goes on until balancers and API take it, and every node is Ready and open", async () => {
        const hosts = new HandHosts({ bootSeconds: 0, readySeconds: 0, kubectlFailures: 1 });
        let balancerFailures = 1;
        let lists = 0;
        const ports = {
            balancers: {
                setIngress: (host: string, state: "ready") =>
                    balancerFailures-- > 0
                        ? Promise.reject(new Error("no answer"))
                        : hosts.balancers.setIngress(host, state),
            },
            nodes: {
                async list() {
                    lists += 1;
                    return [{ ...(await hosts.nodes.node("w1")), ready: lists > 2 }];
                },
            },
        };
        const cluster = { inventory: sampleInventory(), ports, kubectl: hosts.kubectl } as unknown as LabCluster;
        await putBack(cluster, fakeClock());
        const uncordon = "kubectl uncordon w1 w2 w3 cp1 cp2 cp3";
        const servers = ["cp1", "cp2", "cp3"].map((name) => `ingress ${name} ready`);
        assert.deepEqual(hosts.done, [...servers, uncordon, uncordon]);
        assert.equal(lists, 3);
    });
});
