import assert from "node:assert/strict";
import path from "node:path";
import { type ClusterLab, untilPrinted } from "../clusterLab";
import { PROBED_OBJECT } from "../probedObject";
import { healthy } from "./healthy";
import { kubectlOk } from "./pods";

/** Issue and TARGETS: reads and writes work again this long after a host has lost its power. */
const BOUND_MS = 4_000;
const PROBE_SECONDS = 20;

interface Sample {
    readonly start: number;
    readonly end: number;
    readonly kind: string;
    readonly ok: boolean;
    readonly detail: string;
}

export function failing(lab: ClusterLab): void {
    before(() => kubectlOk(lab, "create", "configmap", PROBED_OBJECT));

    it("exits 4 and names the control plane whose kubelet and containers were stopped, while the API answers", async () => {
        await lab.on(
            "cp2",
            "systemctl stop kubelet; for t in $(ctr -n k8s.io t ls -q); do ctr -n k8s.io t kill -s KILL -a $t; done",
        );
        try {
            const { status, stdout } = await lab.quorate("status");
            assert.equal(status, 4, stdout);
            assert.match(stdout.slice(stdout.indexOf("Findings")), /cp2/);
            const nodes = await lab.kubectl("get", "nodes");
            assert.equal(nodes.status, 0, nodes.stderr);
        } finally {
            await lab.on("cp2", "systemctl start kubelet");
        }
        await healthy(lab);
    });

    for (const host of ["lb1", "lb2"]) {
        it(`moves the address when ${host} loses power`, async () => {
            await moveAddressTo(lab, host);
            await survivesPowerLoss(lab, host);
        });
    }

    for (const host of ["cp1", "cp2", "cp3"]) {
        it(`reads and writes through the address when ${host} loses power`, async () => survivesPowerLoss(lab, host));
    }
}

/** Cuts the power of a host under reads and writes; all that begin after the bound must succeed. */
async function survivesPowerLoss(lab: ClusterLab, host: string): Promise<void> {
    const prober = ["--require", "ts-node/register/transpile-only", path.join(__dirname, "../apiProber.ts")];
    const probing = lab.inNamespace(["node", ...prober, lab.kubeconfig, String(PROBE_SECONDS)]);
    const { status, stderr } = await lab.lab("power", host, "off");
    const off = Date.now();
    assert.equal(status, 0, stderr);
    const samples = (await probing).stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Sample);
    await lab.lab("power", host, "on");
    const late = samples.filter((sample) => sample.start > off + BOUND_MS);
    const failed = late.filter((sample) => !sample.ok);
    report(host, off, samples);
    assert.ok(late.length > 30, `only ${late.length} requests began after the bound`);
    assert.deepEqual(failed, [], `${failed.length} of ${late.length} requests failed later than ${BOUND_MS} ms`);
    for (const kind of ["read", "write"]) assert.ok(late.some((sample) => sample.kind === kind && sample.ok));
    await healthy(lab);
}

function report(host: string, off: number, samples: readonly Sample[]): void {
    const failed = samples.filter((sample) => !sample.ok);
    const moments = failed.map(({ start, end, kind, detail }) => `${start - off}..${end - off} ${kind} ${detail}`);
    const slowest = Math.max(...samples.map((sample) => sample.end - sample.start));
    console.log(`      ${host}: ${failed.length} of ${samples.length} failed; slowest ${slowest} ms`);
    if (moments.length > 0) console.log(`        ms after the cut: ${moments.join(", ")}`);
}

/** Makes a balancer the address's owner, by stopping keepalived on the other for a moment. */
async function moveAddressTo(lab: ClusterLab, owner: string): Promise<void> {
    const other = owner === "lb1" ? "lb2" : "lb1";
    await lab.on(other, "systemctl stop keepalived");
    await untilPrinted(
        `${owner} to hold the address`,
        20_000,
        () => lab.lab("ssh", owner, "ip -o addr"),
        /10\.89\.0\.10\//,
    );
    await lab.on(other, "systemctl start keepalived");
}
