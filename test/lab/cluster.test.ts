import assert from "node:assert/strict";
import { created } from "./cluster/created";
import { changed } from "./cluster/changed";
import { controlled } from "./cluster/controlled";
import { destroyed } from "./cluster/destroyed";
import { emptied } from "./cluster/emptied";
import { failing } from "./cluster/failing";
import { interrupted } from "./cluster/interrupted";
import { rebooted } from "./cluster/rebooted";
import { refused } from "./cluster/refused";
import { served } from "./cluster/served";
import { stopped } from "./cluster/stopped";
import { ClusterLab, labRefusal } from "./clusterLab";

const coldBuild = 80 * 60_000;

/** One cluster for all of it, in this order: each part leaves it healthy for the next. */
describe("a cluster on the lab", function () {
    this.timeout(20 * 60_000);
    const lab = new ClusterLab();

    before(async function () {
        this.timeout(coldBuild);
        const refusal = await labRefusal();
        if (refusal !== undefined) {
            console.log(`    skipped: ${refusal}`);
            return this.skip();
        }
        await lab.start();
    });
    after(async () => lab.stop());

    it("is made and healthy when npm run lab ends", async function () {
        this.timeout(coldBuild);
        const { status, stdout, stderr } = await lab.up();
        assert.equal(status, 0, stderr + stdout);
        assert.match(stdout, /cluster lab is healthy/);
    });

    describe("once it is made", () => created(lab));
    describe("when what stands on it is disturbed", () => served(lab));
    describe("when quorate reboots its hosts", () => rebooted(lab));
    describe("when a host is emptied", () => emptied(lab));
    describe("when a reboot must not begin", () => refused(lab));
    describe("when a run is told more", () => controlled(lab));
    describe("when a run cannot go on", () => stopped(lab));
    describe("when its configuration is edited", () => changed(lab));
    describe("when something fails", () => failing(lab));
    describe("when it is destroyed", () => destroyed(lab));
    describe("when pulumi up is interrupted", () => interrupted(lab));
});
