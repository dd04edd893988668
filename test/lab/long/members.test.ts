import assert from "node:assert/strict";
import { ClusterLab } from "../clusterLab";
import { untilDown } from "../cluster/balancers";
import { assertClean, memberNames } from "../cluster/changed";
import { healthy } from "../cluster/healthy";
import { addHosts, removeHosts, replaceHost } from "../cluster/inventory";
import { applied, preparedCluster } from "../preparedCluster";
import { API, whileProbing } from "../probing";

/** Those that are there at first; the others are started and wait. */
const FOUNDERS = ["lb1", "lb2", "cp1", "w1", "w2"];
const OTHERS = ["cp2", "cp3", "cp4", "cp5", "lb3"];

/** One cluster for all of it, in this order. Every change is one `pulumi up`. */
describe("a cluster whose members change, under load", function () {
    this.timeout(20 * 60_000);
    const lab = new ClusterLab();

    before(async function () {
        await preparedCluster(this, lab, plain([...FOUNDERS, ...OTHERS]), FOUNDERS);
    });
    after(async () => lab.stop());

    /** One `pulumi up` under reads and writes of the API, of which none may fail; then the cluster is whole. */
    async function changes(name: string, controlPlanes: readonly string[]): Promise<void> {
        await whileProbing(
            lab,
            name,
            async () => {
                const { seconds } = await applied(lab);
                console.log(`      pulumi up took ${seconds.toFixed(1)} s`);
                await whole(controlPlanes);
            },
            API,
        );
    }

    async function whole(controlPlanes: readonly string[]): Promise<void> {
        await healthy(lab);
        assert.deepEqual(await memberNames(lab, controlPlanes[0]), [...controlPlanes].sort());
        const role = "node-role.kubernetes.io/control-plane";
        const { stdout } = await lab.kubectl("get", "nodes", "-l", role, "-o", "jsonpath={.items[*].metadata.name}");
        assert.deepEqual(stdout.split(" ").sort(), [...controlPlanes].sort());
    }

    it("is made with one control plane", async () => {
        await applied(lab);
        await whole(["cp1"]);
    });

    it("grows from one control plane to three", async () => {
        addHosts(lab, ["cp2", "cp3"]);
        await changes("one-to-three", ["cp1", "cp2", "cp3"]);
    });

    it("grows from three to five", async () => {
        addHosts(lab, ["cp4", "cp5"]);
        await changes("three-to-five", ["cp1", "cp2", "cp3", "cp4", "cp5"]);
    });

    it("shrinks from five to three, the first one among those that go", async () => {
        removeHosts(lab, ["cp1", "cp3"]);
        await changes("five-to-three", ["cp2", "cp4", "cp5"]);
        for (const host of ["cp1", "cp3"]) await assertClean(lab, host);
    });

    it("has two control planes replaced at once", async () => {
        await withTheirImages("cp1", "cp3");
        replaceHost(lab, "cp2", "cp1");
        replaceHost(lab, "cp4", "cp3");
        await changes("two-replaced", ["cp1", "cp3", "cp5"]);
        for (const host of ["cp2", "cp4"]) await assertClean(lab, host);
    });

    it("has a control plane replaced that is dead", async () => {
        await withTheirImages("cp2");
        assert.equal((await lab.lab("power", "cp5", "off")).status, 0);
        await untilDown(lab, "cp5");
        replaceHost(lab, "cp5", "cp2");
        await changes("dead-replaced", ["cp1", "cp2", "cp3"]);
    });

    it("takes a control plane back that was installed anew under its old name", async () => {
        await installedAnew("cp3");
        await untilDown(lab, "cp3");
        await changes("control-plane-installed-anew", ["cp1", "cp2", "cp3"]);
    });

    it("takes a worker back that was installed anew under its old name", async () => {
        await installedAnew("w2");
        await changes("worker-installed-anew", ["cp1", "cp2", "cp3"]);
    });

    it("has a balancer replaced", async () => {
        replaceHost(lab, "lb2", "lb3");
        await changes("balancer-replaced", ["cp1", "cp2", "cp3"]);
        await assertClean(lab, "lb2");
    });

    it("takes a balancer back that was installed anew under its old name", async () => {
        await installedAnew("lb3");
        await changes("balancer-installed-anew", ["cp1", "cp2", "cp3"]);
    });

    /** New hosts, which have their images. Here all hosts share one disk: etcd would wait for it while images are imported. */
    async function withTheirImages(...hosts: readonly string[]): Promise<void> {
        const { status, stderr } = await lab.lab("reset", ...hosts);
        assert.equal(status, 0, stderr);
    }

    /** A new host in a host's place, with nothing of the old one but name and address; the configuration has its new key. */
    async function installedAnew(host: string): Promise<void> {
        const { status, stderr } = await lab.lab("reset", host, "--new-keys");
        assert.equal(status, 0, stderr);
        replaceHost(lab, host, host);
    }
});

function plain(names: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(names.map((name) => [name, ""]));
}
