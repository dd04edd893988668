import assert from "node:assert/strict";
import path from "node:path";
import type { Context } from "mocha";
import { findHost } from "../../lab/topology";
import { type ClusterLab, labRefusal } from "./clusterLab";

const COLD_BUILD_MS = 80 * 60_000;
const DRIVER = ["--require", "ts-node/register/transpile-only", path.join(__dirname, "clusterStackDriver.ts")];

/** Hosts by their names, with the traits of each as a list with commas. */
export type HostTraits = Readonly<Record<string, string>>;

/**
 * For a `before`: the lab with new hosts, and the stack of a cluster of those of them that `members` names; nothing is made
 * on them yet. Nothing stands before its ingress. Skips the tests where no lab can run. Stop the lab after them.
 */
export async function preparedCluster(
    context: Context,
    lab: ClusterLab,
    hosts: HostTraits,
    members = Object.keys(hosts),
): Promise<void> {
    context.timeout(COLD_BUILD_MS);
    const refusal = await labRefusal();
    if (refusal !== undefined) {
        console.log(`    skipped: ${refusal}`);
        return context.skip();
    }
    await lab.start();
    await startHosts(lab, hosts);
    await writeStack(lab, members);
}

/** New hosts; those with the same traits start together. */
export async function startHosts(lab: ClusterLab, hosts: HostTraits): Promise<void> {
    for (const traits of new Set(Object.values(hosts))) {
        const alike = Object.keys(hosts).filter((name) => hosts[name] === traits);
        const { status, stderr } = await lab.lab("reset", ...alike, "--traits", traits);
        assert.equal(status, 0, stderr);
    }
}

/** The stack of a cluster of these hosts, with nothing before its ingress. */
export async function writeStack(lab: ClusterLab, members: readonly string[]): Promise<void> {
    const names = members.filter((name) => findHost(name).role !== "bastion");
    const { status, stderr } = await lab.inNamespace(["node", ...DRIVER, names.join(",")]);
    assert.equal(status, 0, stderr);
    lab.configure((cluster) => ({ ...cluster, endpoint: { ...cluster.endpoint, ingress: [] } }));
    await lab.readEnvironment();
}

/** `pulumi up` that ends well. Afterwards `quorate` and `kubectl` know the cluster as it is then. */
export async function applied(lab: ClusterLab): Promise<{ readonly stdout: string; readonly seconds: number }> {
    const started = Date.now();
    const { status, stdout, stderr } = await lab.pulumi("up", "--yes", "--skip-preview");
    assert.equal(status, 0, stdout + stderr);
    await lab.saveOutputs();
    return { stdout, seconds: (Date.now() - started) / 1000 };
}
