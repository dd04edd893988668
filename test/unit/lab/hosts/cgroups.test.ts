import assert from "node:assert/strict";
import { hostCgroups, labCgroup, parseCgroupLayout } from "../../../../lab/hosts/cgroups";
import { temporaryLab } from "../support";

const mount = (mountPoint: string, type: string): string =>
    `31 23 0:28 / ${mountPoint} rw,relatime shared:9 - ${type} ${type} rw`;

describe("lab hosts: control groups", () => {
    temporaryLab();

    it("are version 1 as soon as one hierarchy of it is mounted", () => {
        const text = [
            mount("/sys/fs/cgroup", "tmpfs"),
            mount("/sys/fs/cgroup/cpu", "cgroup"),
            mount("/sys/fs/cgroup/unified", "cgroup2"),
            mount("/home", "ext4"),
        ].join("\n");
        const hierarchies = ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/unified"];
        assert.deepEqual(parseCgroupLayout(text), { version: 1, hierarchies });
    });

    it("are version 2 with the one hierarchy", () => {
        const text = mount("/sys/fs/cgroup", "cgroup2");
        assert.deepEqual(parseCgroupLayout(text), { version: 2, hierarchies: ["/sys/fs/cgroup"] });
    });

    it("leave out hierarchies that hosts have mounted for themselves", () => {
        const text = `${mount("/sys/fs/cgroup", "cgroup2")}\n${mount("/var/lib/lab/root/sys/fs/cgroup", "cgroup2")}`;
        assert.deepEqual(parseCgroupLayout(text).hierarchies, ["/sys/fs/cgroup"]);
    });

    it("differ between labs, so that one never ends another's processes", () => {
        const first = labCgroup();
        process.env["QUORATE_LAB_STATE"] = "/somewhere/else";
        assert.notEqual(labCgroup(), first);
        assert.deepEqual(hostCgroups({ version: 2, hierarchies: ["/sys/fs/cgroup"] }, "w1"), [
            `/sys/fs/cgroup/${labCgroup()}/w1`,
        ]);
    });
});
