import type { ClusterConfig, HostConfig, Role } from "../../model/clusterConfig";
import { type HostFile, type HostScript, LIBRARY_DIRECTORY, loadScript, stepLibrary } from "../command/hostScript";
import { proxyEnvironment } from "../command/proxy";

const SYSCTL_FILE = "/etc/sysctl.d/90-quorate.conf";

/** What a host of each role needs before anything of the cluster is put onto it. */
const NEEDS: Readonly<Record<Role, { packages: string[]; ports: string[]; modules: string[]; freeMebibytes: number }>> =
    {
        "load-balancer": {
            packages: ["haproxy", "keepalived", "nftables", "socat", "curl"],
            ports: [],
            modules: [],
            freeMebibytes: 512,
        },
        "control-plane": {
            packages: ["socat", "conntrack", "ethtool", "iptables", "nftables", "curl", "tar", "openssl"],
            ports: ["6443", "2379", "2380", "10250", "10257", "10259"],
            modules: ["overlay", "br_netfilter"],
            freeMebibytes: 4096,
        },
        worker: {
            packages: ["socat", "conntrack", "ethtool", "iptables", "nftables", "curl", "tar", "openssl"],
            ports: ["10250"],
            modules: ["overlay", "br_netfilter"],
            freeMebibytes: 4096,
        },
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

/** The first step of a host: preflight and baseline; also brings the functions and the reset that later steps rely on. */
export function renderPrepare(
    host: HostConfig,
    config: Pick<ClusterConfig, "kubelet" | "network" | "endpoint" | "proxy">,
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
            ports: balancing ? frontendPorts(config) : needs.ports,
            modules: needs.modules,
            needed_mib: needs.freeMebibytes,
            allow_cgroup_v1: config.kubelet.allowCgroupV1,
            sysctl_file: SYSCTL_FILE,
        },
        files: [
            { path: `${LIBRARY_DIRECTORY}/steps.sh`, mode: "0644", content: stepLibrary() },
            { path: `${LIBRARY_DIRECTORY}/reset`, mode: "0755", content: loadScript(__dirname, "reset.sh") },
            { path: "/var/lib/quorate/network", mode: "0644", content: `pods=${config.network.pods}\n` },
            sysctls(balancing ? LOAD_BALANCER_SYSCTLS : NODE_SYSCTLS),
            ...(needs.modules.length === 0 ? [] : [modulesFile(needs.modules)]),
        ],
        body: loadScript(__dirname, "prepare.sh"),
    };
}

function frontendPorts({ endpoint }: Pick<ClusterConfig, "endpoint">): string[] {
    return [endpoint.port, ...endpoint.ingress.map((ingress) => ingress.port)].map(String);
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
