import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { ensureCached } from "../cache";
import { run } from "../process";
import type { Progress } from "../progress";
import { recipeHash } from "../settings";
import { debianSuite, unpackDebian } from "./debian";
import { addStrangeParts, strangeParts } from "./strangeParts";

const packages = [
    ...["systemd", "systemd-sysv", "dbus", "openssh-server", "ca-certificates", "curl", "jq", "openssl"],
    ...["iproute2", "iptables", "nftables", "ipset", "conntrack", "socat", "ethtool", "iputils-ping"],
    ...["kmod", "procps", "mount", "util-linux", "tar", "xz-utils", "runc", "haproxy", "keepalived", "pound"],
    ...["sudo", "tcsh"],
];

/** Installed but left to whoever configures them: the program under test decides what runs on its hosts. */
const leftStopped = ["haproxy.service", "keepalived.service", "pound.service", "nftables.service"];
const started = ["systemd-networkd.service", "ssh.service"];
/** Timers that would spend the hosts' processor time on things a lab host has no use for. */
const masked = [
    ...["apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer"],
    ...["systemd-resolved.service", "getty.target", "console-getty.service"],
];

/** Files of every host, by path. A container's kernel interfaces are read-only until the first unit below has run. */
const files: Readonly<Record<string, string>> = {
    "etc/systemd/system/writable-kernel.service": `[Unit]
Description=Make kernel interfaces writable and mounts shared, as on a machine
DefaultDependencies=no
Before=systemd-sysctl.service local-fs-pre.target sysinit.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'for m in /proc/sys /sys/fs/cgroup /sys/fs/cgroup/*; do mountpoint -q $m && mount -o remount,bind,rw $m; done; mount --make-rshared /'
[Install]
WantedBy=sysinit.target
`,
    "etc/systemd/networkd.conf.d/10-foreign.conf": `[Network]
ManageForeignRoutes=no
ManageForeignRoutingPolicyRules=no
`,
    "etc/ssh/sshd_config.d/10-lab.conf": `PermitRootLogin prohibit-password
PasswordAuthentication no
UseDNS no
MaxStartups 100:30:200
MaxSessions 64
`,
    "etc/resolv.conf": "nameserver 10.89.0.1\noptions timeout:1 attempts:1\n",
    "etc/machine-id": "uninitialized\n",
    // newer than /usr: no host rebuilds its library cache at its first start
    "etc/.updated": "",
    "var/.updated": "",
};

/**
 * The file system that every lab host starts from, as a folder in the cache; made once in about 70 s. It holds what a
 * site's own image would hold, and nothing of Kubernetes.
 */
export async function ensureBaseImage(progress: Progress): Promise<string> {
    const hash = recipeHash(debianSuite, process.arch, packages, leftStopped, started, masked, files, strangeParts);
    return ensureCached(`image-${hash}`, async (directory) => {
        await progress.during("host file system", async (detail) => {
            await unpackDebian({ variant: "minbase", packages }, directory, detail);
            await customise(directory);
            await addStrangeParts(directory, progress);
        });
    });
}

async function customise(root: string): Promise<void> {
    for (const [file, content] of Object.entries(files)) {
        const target = path.join(root, file);
        await mkdir(path.dirname(target), { recursive: true });
        await rm(target, { force: true });
        await writeFile(target, content);
    }
    const systemctl = (verb: string, units: readonly string[]): Promise<string> =>
        run("systemctl", [`--root=${root}`, verb, ...units]);
    await systemctl("disable", leftStopped);
    await systemctl("enable", [...started, "writable-kernel.service"]);
    await systemctl("mask", masked);
    await removeIdentities(root);
    for (const folder of ["containerd", "kubelet", "etcd"]) {
        await mkdir(path.join(root, "var/lib", folder), { recursive: true });
    }
}

/** Keys and ids that the packages made for themselves: every host gets its own. */
async function removeIdentities(root: string): Promise<void> {
    for (const kind of ["ed25519", "ecdsa", "rsa"]) {
        const key = path.join(root, `etc/ssh/ssh_host_${kind}_key`);
        await rm(key, { force: true });
        await rm(`${key}.pub`, { force: true });
    }
    const busId = path.join(root, "var/lib/dbus/machine-id");
    await rm(busId, { force: true });
    await symlink("/etc/machine-id", busId);
}
