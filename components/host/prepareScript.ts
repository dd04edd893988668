import type { ClusterConfig, HostConfig, Role } from "../../model/clusterConfig";
import { type HostFile, type HostScript, LIBRARY_DIRECTORY, loadScript, stepLibrary } from "../command/hostScript";
import { OLDEST_HAPROXY } from "./acceptScript";
import { proxyEnvironment } from "../command/proxy";

const SYSCTL_FILE = "/etc/sysctl.d/90-quorate.conf";

const NODE_NEEDS = {
    packages: ["socat", "conntrack", "ethtool", "iptables", "nftables", "curl", "tar", "openssl"],
    // Settings of a module can be made only once it is loaded: systemd-sysctl comes after systemd-modules-load at a boot.
    modules: ["overlay", "br_netfilter", "nf_conntrack"],
};

/** What a host of each role needs before anything of the cluster is put onto it. */
const NEEDS: Readonly<Record<Role, { packages: string[]; modules: string[] }>> = {
    "load-balancer": { packages: ["haproxy", "keepalived", "nftables", "socat", "curl"], modules: [] },
    "control-plane": NODE_NEEDS,
    worker: NODE_NEEDS,
};

const NODE_SYSCTLS = {
    "net.ipv4.ip_forward": 1,
    "net.bridge.bridge-nf-call-iptables": 1,
    "net.netfilter.nf_conntrack_max": 524288,
    "fs.inotify.max_user_instances": 8192,
    "fs.inotify.max_user_watches": 1048576,
    "vm.overcommit_memory": 1,
    "kernel.panic": 10,
};
const LOAD_BALANCER_SYSCTLS = { "net.ipv4.ip_nonlocal_bind": 1, "net.ipv4.ip_local_port_range": "1024 65000" };

/** The second step of a host, once it is accepted: its ground; also brings the functions and the reset that later steps rely on. */
export function renderPrepare(
    host: HostConfig,
    config: Pick<ClusterConfig, "network" | "endpoint" | "proxy">,
): HostScript {
    const needs = NEEDS[host.role];
    const balancing = host.role === "load-balancer";
    return {
        step: "prepare",
        bringsLibrary: true,
        settings: {
            role: host.role,
            proxy: proxyEnvironment(config),
            packages: needs.packages,
            held: balancing ? ["haproxy", "keepalived"] : ["containerd", "kubelet", "kubeadm", "kubectl"],
            modules: needs.modules,
            oldest_haproxy: OLDEST_HAPROXY,
            sysctl_file: SYSCTL_FILE,
        },
        files: [
            // First: nothing is put that could not be taken away.
            { path: `${LIBRARY_DIRECTORY}/reset`, mode: "0755", content: loadScript(__dirname, "reset.sh") },
            { path: `${LIBRARY_DIRECTORY}/steps.sh`, mode: "0644", content: stepLibrary() },
            { path: "/var/lib/quorate/network", mode: "0644", content: `pods=${config.network.pods}\n` },
            sysctls(balancing ? LOAD_BALANCER_SYSCTLS : NODE_SYSCTLS),
            ...(needs.modules.length === 0 ? [] : [modulesFile(needs.modules)]),
        ],
        body: loadScript(__dirname, "prepare.sh"),
    };
}

function sysctls(settings: Readonly<Record<string, number | string>>): HostFile {
    const content = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
    return { path: SYSCTL_FILE, mode: "0644", content: content.join("") };
}

function modulesFile(modules: readonly string[]): HostFile {
    return {
        path: "/etc/modules-load.d/quorate.conf",
        mode: "0644",
        content: modules.map((name) => `${name}\n`).join(""),
    };
}
