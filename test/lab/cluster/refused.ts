import assert from "node:assert/strict";
import { type ClusterLab, untilPrinted } from "../clusterLab";
import { untilDown } from "./balancers";
import { healthy } from "./healthy";
import { blockingBudget, kubectlOk, removeIdle, startIdle } from "./pods";
import { runs } from "./runFolders";
import { HOSTS, lockHolder, traces } from "./traces";

const WORKERS = ["w1", "w2", "w3"];
/** Of a worker's memory: two such pods never fit onto one. */
const BULKY = 0.6;

export function refused(lab: ClusterLab): void {
    it("names a budget that blocks, a node that somebody cordoned, and room that is missing, all at once", async () => {
        try {
            const bytes = Math.round((await allocatableBytes(lab, "w1")) * BULKY);
            await startIdle(
                lab,
                WORKERS.map((node) => ({ name: `bulky-${node}`, node, bytes })),
            );
            await kubectlOk(lab, "apply", "-f", blockingBudget(lab, WORKERS.length));
            const counted = ["get", "pdb", "idle", "-o", "jsonpath={.status.currentHealthy}"];
            await untilPrinted("the budget to count its pods", 20_000, () => lab.kubectl(...counted), /^3$/);
            await kubectlOk(lab, "cordon", "w2");
            const said = await refusal(lab, ["--host", "w1"]);
            assert.match(said, /budget default\/idle blocks pod default\/bulky-w1 on w1 \(.*\): run more replicas/);
            assert.match(said, /node w2 was cordoned by somebody else: .*`kubectl uncordon w2`/);
            assert.match(
                said,
                /the pods on w1 ask for [\d.]+ GiB of memory and the other nodes have [\d.]+ GiB of memory free: add a worker/,
            );
        } finally {
            await kubectlOk(lab, "uncordon", "w2");
            await removeIdle(lab);
        }
    });

    it("names the etcd member that does not answer", async () => {
        await lab.on("cp3", "pkill -STOP -x etcd");
        try {
            await untilDown(lab, "cp3");
            const said = await refusal(lab, ["--host", "w1"]);
            assert.match(said, /etcd member cp3 is not healthy \(.*\): bring it back/);
        } finally {
            await lab.on("cp3", "pkill -CONT -x etcd");
        }
        await healthy(lab);
    });

    it("names a node that is not Ready and a balancer without power", async () => {
        const others = HOSTS.filter((host) => host !== "lb2");
        await lab.on("w3", "systemctl stop kubelet");
        try {
            assert.equal((await lab.lab("power", "lb2", "off")).status, 0);
            const ready = ["get", "node", "w3", "-o", 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'];
            await untilPrinted("w3 not to be Ready", 90_000, () => lab.kubectl(...ready), /^(False|Unknown)$/);
            const said = await refusal(lab, ["--host", "w1"], others);
            assert.match(said, /node w3 is not Ready \(.*\): mend it/);
            assert.match(said, /lb2 does not answer SSH \(.*\): bring it back, or take it out of the configuration/);
            assert.match(said, /the balancer on lb2 does not answer \(.*\): see `systemctl status haproxy` there/);
        } finally {
            await lab.on("w3", "systemctl start kubelet");
            assert.equal((await lab.lab("power", "lb2", "on")).status, 0);
        }
        await healthy(lab);
    });
}

/**
 * A run that refuses to begin: nothing is changed on the hosts that answer, no run and no lock is left.
 * @returns what it said
 */
async function refusal(lab: ClusterLab, words: readonly string[], hosts = HOSTS): Promise<string> {
    const [before, runsBefore] = [await traces(lab, hosts), runs(lab)];
    const started = Date.now();
    const { status, stdout, stderr } = await lab.quorate("reboot", ...words, "--no-probe");
    console.log(`      refused after ${((Date.now() - started) / 1000).toFixed(1)} s`);
    assert.equal(status, 4, stdout + stderr);
    assert.match(stderr, /reboot refused: .*; nothing was changed; run again when all of this is mended/);
    assert.deepEqual(await traces(lab, hosts), before);
    assert.deepEqual(runs(lab), runsBefore);
    assert.equal(await lockHolder(lab), "");
    return stderr;
}

async function allocatableBytes(lab: ClusterLab, node: string): Promise<number> {
    const memory = await kubectlOk(lab, "get", "node", node, "-o", "jsonpath={.status.allocatable.memory}");
    const [, kibibytes] = /^(\d+)Ki$/.exec(memory) ?? [];
    assert.ok(kibibytes !== undefined, `memory of ${node}: ${memory}; expected it in Ki`);
    return Number(kibibytes) * 1024;
}
