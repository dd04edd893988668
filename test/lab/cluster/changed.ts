import assert from "node:assert/strict";
import type { ClusterLab } from "../clusterLab";
import { applied } from "../preparedCluster";
import { healthy } from "./healthy";
import { addHosts, removeHosts, replaceHost } from "./inventory";

export function changed(lab: ClusterLab): void {
    it("takes a new worker in and lets an old one go, drained and reset", async () => {
        assert.equal((await lab.lab("power", "w4", "on")).status, 0);
        replaceHost(lab, "w3", "w4");
        await settled(lab);
        const nodes = await lab.kubectl("get", "nodes", "-o", "name");
        assert.match(nodes.stdout, /node\/w4/);
        assert.doesNotMatch(nodes.stdout, /node\/w3/);
        await assertClean(lab, "w3");
    });

    it("grows to five control planes, and shrinks to three again", async () => {
        for (const host of ["cp4", "cp5"]) assert.equal((await lab.lab("power", host, "on")).status, 0);
        addHosts(lab, ["cp4", "cp5"]);
        await settled(lab);
        assert.deepEqual(await memberNames(lab), ["cp1", "cp2", "cp3", "cp4", "cp5"]);
        removeHosts(lab, ["cp4", "cp5"]);
        await settled(lab);
        assert.deepEqual(await memberNames(lab), ["cp1", "cp2", "cp3"]);
        for (const host of ["cp4", "cp5"]) await assertClean(lab, host);
    });

    it("replaces a control plane: the new one joins as a learner, the old one leaves behind the gates", async () => {
        assert.equal((await lab.lab("power", "cp4", "on")).status, 0);
        replaceHost(lab, "cp3", "cp4");
        await settled(lab);
        assert.deepEqual(await memberNames(lab), ["cp1", "cp2", "cp4"]);
        await assertClean(lab, "cp3");
    });

    it("takes back a host that left, as a new one", async () => {
        replaceHost(lab, "cp4", "cp3");
        replaceHost(lab, "w4", "w3");
        await settled(lab);
        assert.deepEqual(await memberNames(lab), ["cp1", "cp2", "cp3"]);
        await assertClean(lab, "cp4");
    });

    it("changes HAProxy's settings on one balancer after the other, shown as text before", async () => {
        lab.configure((cluster) => ({ ...cluster, endpoint: { ...cluster.endpoint, streamTimeout: "2h" } }));
        const preview = await lab.pulumi("preview", "--diff");
        assert.match(
            preview.stdout,
            /- +timeout tunnel 1h.*\+ +timeout tunnel 2h|timeout tunnel 3600s.*timeout tunnel 7200s/s,
        );
        const { stdout } = await settled(lab);
        const events = stdout.split("\n").filter((line) => /lb\d-load-balancer (updating|updated)/.test(line));
        const order = events.map((line) => /(lb\d)-load-balancer (updating|updated)/.exec(line)?.slice(1).join(" "));
        assert.ok(order.indexOf("lb1 updated") < order.indexOf("lb2 updating"), order.join(", "));
        assert.match(await lab.on("lb2", "grep 'timeout tunnel' /etc/haproxy/haproxy.cfg"), /7200s/);
    });
}

/** `pulumi up` that ends well, with a healthy cluster after it. */
async function settled(lab: ClusterLab): Promise<{ readonly stdout: string }> {
    const result = await applied(lab);
    // What stands on the cluster is another stack's: its pods on new hosts may still be starting.
    await healthy(lab);
    return result;
}

/** Names of etcd's members; each must be a started voter. */
export async function memberNames(lab: ClusterLab, on = "cp1"): Promise<string[]> {
    const pki = "/etc/kubernetes/pki/etcd";
    const certificates = `--cacert ${pki}/ca.crt --cert ${pki}/healthcheck-client.crt --key ${pki}/healthcheck-client.key`;
    const list = await lab.on(on, `etcdctl ${certificates} member list`);
    const members = list.split("\n").map((line) => line.split(", "));
    for (const [id, state, name, , , learner] of members) {
        assert.equal(state, "started", `member ${id} ${name}`);
        assert.equal(learner, "false", `member ${id} ${name}`);
    }
    return members.map(([, , name]) => name ?? "").sort();
}

/** A host that left keeps nothing of the cluster. */
export async function assertClean(lab: ClusterLab, host: string): Promise<void> {
    const folders =
        "/etc/kubernetes /var/lib/quorate /usr/local/lib/quorate /etc/containerd /etc/cni /opt/cni /etc/haproxy/quorate";
    const left = await lab.on(
        host,
        `ls -d ${folders} 2>/dev/null; find /var/lib/etcd /var/lib/kubelet /var/lib/containerd -mindepth 1 2>/dev/null | head -n 3;` +
            "pgrep -l 'kube|etcd|containerd|haproxy|keepalived'; ip -o link show cni0 2>/dev/null; ip route show root 10.244.0.0/16; find /usr/local/bin -type f; true",
    );
    assert.equal(left, "", `${host} still has:\n${left}`);
}
