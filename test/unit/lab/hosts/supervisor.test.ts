import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostFolders } from "../../../../lab/hosts/folders";
import { type BootSettings, nspawnArguments, renderSupervisor } from "../../../../lab/hosts/supervisor";
import { run } from "../../../../lab/process";
import { findHost } from "../../../../lab/topology";
import { temporaryLab } from "../support";

const w1 = findHost("w1");

describe("lab hosts: container arguments", () => {
    temporaryLab();
    const settings: BootSettings = { cgroupVersion: 2, cgroups: ["/sys/fs/cgroup/lab/w1"] };

    it("boot the host's own root, name and network", () => {
        const words = nspawnArguments(w1, hostFolders("w1"), settings);
        for (const word of [
            "--boot",
            "--machine=w1",
            "--network-bridge=lab0",
            `--directory=${hostFolders("w1").root}`,
        ]) {
            assert.ok(words.includes(word), word);
        }
    });

    it("put real folders under what cannot live on an overlay", () => {
        const words = nspawnArguments(w1, hostFolders("w1"), settings);
        for (const [name, folder] of Object.entries(hostFolders("w1").data)) {
            assert.ok(words.includes(`--bind=${folder}:/var/lib/${name}`));
        }
    });

    it("tell systemd twice to run on cgroup version 1, and only there", () => {
        const legacy = "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1";
        const words = (version: 1 | 2): string[] =>
            nspawnArguments(w1, hostFolders("w1"), { ...settings, cgroupVersion: version });
        assert.ok(words(1).includes(legacy) && words(1).includes("systemd.unified_cgroup_hierarchy=0"));
        assert.ok(!words(2).some((word) => word.includes("cgroup_hierarchy") || word === legacy));
    });

    it("show the kernel's configuration where the machine does", () => {
        const words = nspawnArguments(w1, hostFolders("w1"), { ...settings, kernelWithConfig: "6.1.0" });
        assert.ok(words.includes("--bind-ro=/proc/config.gz:/boot/config-6.1.0"));
    });
});

describe("lab hosts: supervisor", () => {
    const lab = temporaryLab();

    /** Runs the real script with a container program that ends with the given statuses, one per boot. */
    async function supervise(version: 1 | 2, statuses: readonly number[]): Promise<string[]> {
        const folders = hostFolders("w1");
        for (const folder of [folders.directory, lab.path("bin"), lab.path("group")])
            mkdirSync(folder, { recursive: true });
        writeFileSync(lab.path("statuses"), statuses.join("\n") + "\n");
        const boot = `#!/bin/sh
echo "boot groups=$(ls -d ${lab.path("group")}/*/dead 2>/dev/null) legacy=$SYSTEMD_NSPAWN_UNIFIED_HIERARCHY" >> ${lab.path("boots")}
mkdir -p ${lab.path("group")}/left/dead
status=$(head -1 ${lab.path("statuses")}); sed -i 1d ${lab.path("statuses")}; exit $status
`;
        writeFileSync(lab.path("bin", "systemd-nspawn"), boot);
        chmodSync(lab.path("bin", "systemd-nspawn"), 0o755);
        const settings = { cgroupVersion: version, cgroups: [lab.path("group")] };
        writeFileSync(folders.supervisor, renderSupervisor(w1, folders, settings));
        await run("/bin/sh", [folders.supervisor], { env: { PATH: `${lab.path("bin")}:${process.env["PATH"]}` } });
        return readFileSync(lab.path("boots"), "utf8").trim().split("\n");
    }

    it("starts the host again each time it reboots, and not after it ended otherwise", async () => {
        assert.equal((await supervise(1, [133, 133, 0, 133])).length, 3);
        assert.equal(existsSync(hostFolders("w1").supervisorPid), false);
    });

    it("removes what the last boot left in the control groups before the next", async () => {
        for (const boot of await supervise(1, [133, 133, 1])) assert.match(boot, /groups= /);
    });

    it("asks for the legacy hierarchy on cgroup version 1 only", async () => {
        assert.match((await supervise(1, [0]))[0]!, /legacy=0$/);
    });

    it("notes on the console how the host ended", async () => {
        await supervise(1, [1]);
        assert.match(readFileSync(hostFolders("w1").consoleLog, "utf8"), /w1 ended with status 1/);
    });

    it("is a valid script in either cgroup version", async () => {
        for (const cgroupVersion of [1, 2] as const) {
            const script = renderSupervisor(w1, hostFolders("w1"), { cgroupVersion, cgroups: [lab.path("a b")] });
            await run("/bin/sh", ["-n"], { input: script });
        }
    });
});
