import assert from "node:assert/strict";
import { ClusterLab } from "./clusterLab";
import { assertClean } from "./cluster/changed";
import { healthy } from "./cluster/healthy";
import { removeHosts } from "./cluster/inventory";
import { HOSTS, bootIds, nothingLeft } from "./cluster/traces";
import { Offer } from "./deploy/foreign";
import { STRANGE, throughBastion } from "./deploy/strangeHosts";
import { applied, preparedCluster } from "./preparedCluster";
import { PATIENT } from "./probing";

/** One cluster for all of it, in this order. */
describe("a cluster of strange hosts, which the user deploy reaches through a bastion", function () {
    this.timeout(20 * 60_000);
    const lab = new ClusterLab();
    const offer = new Offer(lab);

    before(async function () {
        await preparedCluster(this, lab, STRANGE);
        throughBastion(lab);
    });
    after(async () => lab.stop());

    it("is made by one pulumi up, which finds nothing to change afterwards", async () => {
        const { seconds } = await applied(lab);
        console.log(`      made in ${seconds.toFixed(1)} s`);
        const { status, stdout, stderr } = await lab.pulumi("preview", "--expect-no-changes");
        assert.equal(status, 0, stdout + stderr);
    });

    it("is healthy in quorate status", async () => {
        await healthy(lab);
        const { stdout } = await lab.quorate("status");
        for (const host of HOSTS) assert.match(stdout, new RegExp(`\\b${host}\\b`));
    });

    it("refuses hosts of somebody else as worker, control planes and balancer, and touches none", async () => {
        await offer.prepare();
        await offer.refused();
    });

    it("touches none of them when they are taken out of the configuration", () => offer.takenBack());

    it("has every host rebooted by quorate", async () => {
        const before = await bootIds(lab);
        const { status, stdout, stderr } = await lab.quorate("reboot", ...PATIENT);
        assert.equal(status, 0, stdout + stderr);
        const after = await bootIds(lab);
        for (const host of HOSTS) assert.notEqual(after.get(host), before.get(host), host);
        await nothingLeft(lab);
    });

    it("lets a worker go by pulumi up, drained and reset", async () => {
        removeHosts(lab, ["w3"]);
        await applied(lab);
        await healthy(lab);
        const { stdout } = await lab.kubectl("get", "nodes", "-o", "name");
        assert.doesNotMatch(stdout, /node\/w3/);
        await assertClean(lab, "w3");
    });

    it("is destroyed while hosts of somebody else stand in its configuration: its own are clean, those as ever", async () => {
        await offer.refused();
        const { status, stdout, stderr } = await lab.pulumi("destroy", "--yes", "--skip-preview");
        assert.equal(status, 0, stdout + stderr);
        for (const host of HOSTS) await assertClean(lab, host);
        await offer.untouched();
    });
});
