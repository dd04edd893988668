import { type LabHost, labNetwork } from "../topology";
import type { HostFolders } from "./folders";

/** What the machine decides about how a host is started. */
export interface BootSettings {
    readonly cgroupVersion: 1 | 2;
    /** The host's own control group in every hierarchy. */
    readonly cgroups: readonly string[];
    /** `uname -r`, when the machine shows its kernel's configuration; kubeadm reads it. */
    readonly kernelWithConfig?: string | undefined;
}

/** systemd-nspawn's exit status when the host has asked for a reboot. */
export const rebootStatus = 133;

/** Arguments of systemd-nspawn that make a host as close to a machine as the kernel's namespaces allow. */
export function nspawnArguments(host: LabHost, folders: HostFolders, settings: BootSettings): string[] {
    const { data } = folders;
    const binds = Object.entries(data).map(([name, folder]) => `--bind=${folder}:/var/lib/${name}`);
    const config = settings.kernelWithConfig;
    return [
        ...["--quiet", "--boot", "--register=no", "--keep-unit", "--console=read-only"],
        ...[`--directory=${folders.root}`, `--machine=${host.name}`, `--network-bridge=${labNetwork.bridge}`],
        ...["--capability=all", "--private-users=no", "--system-call-filter=@keyring bpf"],
        ...["--resolv-conf=off", "--timezone=off", "--link-journal=no", "--bind=/dev/kmsg"],
        ...binds,
        ...(config ? [`--bind-ro=/proc/config.gz:/boot/config-${config}`] : []),
        ...(settings.cgroupVersion === 1 ? legacyInitArguments : []),
    ];
}

/** systemd in the host refuses cgroup version 1 unless told twice. */
const legacyInitArguments = ["SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1", "systemd.unified_cgroup_hierarchy=0"];

/**
 * The script that keeps one host running: it enters the host's control groups and starts the host again each time it
 * reboots. Groups that the last boot left are removed before: kubelet would spend 3 s on each dead container (TRAPS 67).
 */
export function renderSupervisor(host: LabHost, folders: HostFolders, settings: BootSettings): string {
    const legacy = settings.cgroupVersion === 1;
    const start = legacy ? ["env", "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=0"] : [...enterUnifiedGroup, ...settings.cgroups];
    const command = [...start, "systemd-nspawn", ...nspawnArguments(host, folders, settings)];
    return `#!/bin/sh
# Keeps lab host ${host.name} running. Removed by: npm run lab -- down
groups="${settings.cgroups.join(" ")}"
${legacy ? enterLegacyGroups : prepareUnifiedGroup}
echo $$ > ${quote(folders.supervisorPid)}
while :; do
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        left=$(for group in $groups; do
            find "$group" -mindepth 1 -depth -type d ! -path "*/supervisor" -exec rmdir {} \\; 2>/dev/null
            find "$group" -mindepth 1 -type d ! -path "*/supervisor"
        done)
        [ -n "$left" ] || break
        sleep 0.2
    done
    [ -z "$left" ] || echo "lab: control groups of ${host.name}'s last boot are still there: $left" >>${quote(folders.consoleLog)}
    ${command.map(quote).join(" \\\n        ")} \\
        </dev/null >>${quote(folders.consoleLog)} 2>&1
    status=$?
    echo "lab: ${host.name} ended with status $status" >>${quote(folders.consoleLog)}
    [ $status -eq ${rebootStatus} ] || break
done
rm -f ${quote(folders.supervisorPid)}
`;
}

const enterLegacyGroups = `for group in $groups; do echo $$ > "$group/cgroup.procs"; done`;

/** Version 2 allows processes in leaves only: this script sits in one, every boot of the host in another. */
const prepareUnifiedGroup = `mkdir -p "$groups/supervisor"
echo $$ > "$groups/supervisor/cgroup.procs"
for controller in cpu cpuset io memory pids; do echo "+$controller" > "$groups/cgroup.subtree_control"; done`;

const enterUnifiedGroup = ["sh", "-c", 'mkdir "$0/boot" && echo $$ > "$0/boot/cgroup.procs" && exec "$@"'];

function quote(word: string): string {
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
