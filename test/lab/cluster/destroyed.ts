import assert from "node:assert/strict";
import type { ClusterLab } from "../clusterLab";
import { assertClean } from "./changed";

export function destroyed(lab: ClusterLab): void {
    it("leaves clean hosts, and does not mind one that is gone", async () => {
        assert.equal((await lab.lab("power", "w1", "off")).status, 0);
        const { status, stdout, stderr } = await lab.pulumi("destroy", "--yes", "--skip-preview");
        assert.equal(status, 0, stdout + stderr);
        assert.match(stdout + stderr, /w1.*(unreachable|not reachable|cannot be reached|no answer|skipped)/i);
        for (const host of ["lb1", "lb2", "cp1", "cp2", "cp3", "w2", "w3"]) await assertClean(lab, host);
        assert.equal((await lab.lab("power", "w1", "on")).status, 0);
    });
}
