import type { ClusterConfig, Role } from "../../model/clusterConfig";
import type { ConfigProblem } from "../../model/configError";
import releases from "./releases.json";

/** What is installed on nodes, once for all sources: programs with where they go, and container images. */
export interface Program {
    readonly name: string;
    /** Path inside a bundle. */
    readonly inBundle: string;
    readonly destination: string;
}

/** One download from a project's own site: a program, or an archive that holds some. */
export interface Release {
    readonly name: keyof typeof releases;
    readonly version: string;
    /** `$arch` stands for amd64 or arm64. */
    readonly url: string;
    readonly sha256: Readonly<Record<Architecture, string>>;
    /** Path inside the archive, by program; empty for a plain program. */
    readonly members: Readonly<Record<string, string>>;
}

export interface Image {
    readonly name: string;
    readonly reference: string;
    /** The configured version that decides which one it is. */
    readonly version: keyof Versions;
}

export type Architecture = "amd64" | "arm64";
export type NodeRole = Exclude<Role, "load-balancer">;
type Versions = ClusterConfig["versions"];

const BINARIES = [
    "kubeadm",
    "kubelet",
    "kubectl",
    "containerd",
    "containerd-shim-runc-v2",
    "ctr",
    "etcdctl",
    "etcdutl",
];
const CNI_PLUGINS = ["bridge", "loopback", "host-local", "portmap", "firewall"];

/** Every program of a node. The container runtime's `runc` comes from the distribution where a bundle has none. */
export function programs(): readonly Program[] {
    return [
        ...BINARIES.map((name) => ({ name, inBundle: `bin/${name}`, destination: `/usr/local/bin/${name}` })),
        ...CNI_PLUGINS.map((name) => ({ name, inBundle: `cni/${name}`, destination: `/opt/cni/bin/${name}` })),
    ];
}

/** Images a node of this role runs before any workload. */
export function images(versions: Versions, role: NodeRole): readonly Image[] {
    const image = (version: keyof Versions, reference: string, name: string = version) => ({
        name,
        reference,
        version,
    });
    const kubernetes = (name: string) => image("kubernetes", `registry.k8s.io/${name}:${versions.kubernetes}`, name);
    const everywhere = [
        image("pause", pauseImage(versions)),
        kubernetes("kube-proxy"),
        image("flannel", `ghcr.io/flannel-io/flannel:${versions.flannel}`),
        image("coredns", `registry.k8s.io/coredns/coredns:${versions.coredns}`),
    ];
    const controlPlane = [
        ...["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map(kubernetes),
        image("etcd", `registry.k8s.io/etcd:${etcdImageTag(versions)}`),
    ];
    return role === "control-plane" ? [...controlPlane, ...everywhere] : everywhere;
}

/** etcd's image carries the packaging revision that kubeadm's own list gives it. */
export function etcdImageTag(versions: Versions): string {
    return `${versions.etcd.bare}-0`;
}

/** The sandbox image that kubelet and containerd must agree on. */
export function pauseImage(versions: Versions): string {
    return `registry.k8s.io/pause:${versions.pause}`;
}

/** Versions by the name of the release whose checksums must be known; kubeadm stands for all of Kubernetes. */
const CHECKED = {
    kubernetes: "kubeadm",
    etcd: "etcd",
    containerd: "containerd",
    runc: "runc",
    cniPlugins: "cni-plugins",
} as const satisfies Partial<Record<keyof Versions, keyof typeof releases>>;

/** Every configured version that release sites and mirrors cannot serve, because its checksum is not known here. */
export function releaseProblems({
    artifacts,
    versions,
}: Pick<ClusterConfig, "artifacts" | "versions">): ConfigProblem[] {
    if (artifacts.source === "bundle") return [];
    return Object.entries(CHECKED).flatMap(([key, name]) => {
        const { bare } = versions[key as keyof typeof CHECKED];
        const known = Object.keys(releases[name]);
        if (known.includes(bare)) return [];
        const message = `${bare} has no checksum in the catalogue; write one of ${known.join(", ")}, or use artifacts.source: bundle`;
        return [{ path: `versions.${key}`, message }];
    });
}

/**
 * What to download for these versions from the projects' own sites, or from a mirror that has the same paths.
 * @throws Error naming the version whose checksum is not in the catalogue, and the versions that are
 */
export function releaseDownloads(versions: Versions, mirror?: string): readonly Release[] {
    const kubernetes = (name: "kubeadm" | "kubelet" | "kubectl") =>
        release(
            name,
            versions.kubernetes.bare,
            `https://dl.k8s.io/release/${versions.kubernetes}/bin/linux/$arch/${name}`,
        );
    const github = "https://github.com";
    const { etcd, containerd, runc, cniPlugins } = versions;
    const downloads = [
        kubernetes("kubeadm"),
        kubernetes("kubelet"),
        kubernetes("kubectl"),
        release("etcd", etcd.bare, `${github}/etcd-io/etcd/releases/download/${etcd}/etcd-${etcd}-linux-$arch.tar.gz`, {
            etcdctl: `etcd-${etcd}-linux-$arch/etcdctl`,
            etcdutl: `etcd-${etcd}-linux-$arch/etcdutl`,
        }),
        release(
            "containerd",
            containerd.bare,
            `${github}/containerd/containerd/releases/download/${containerd}/containerd-${containerd.bare}-linux-$arch.tar.gz`,
            { containerd: "bin/containerd", "containerd-shim-runc-v2": "bin/containerd-shim-runc-v2", ctr: "bin/ctr" },
        ),
        release("runc", runc.bare, `${github}/opencontainers/runc/releases/download/${runc}/runc.$arch`),
        release(
            "cni-plugins",
            cniPlugins.bare,
            `${github}/containernetworking/plugins/releases/download/${cniPlugins}/cni-plugins-linux-$arch-${cniPlugins}.tgz`,
            Object.fromEntries(CNI_PLUGINS.map((name) => [name, `./${name}`])),
        ),
    ];
    if (mirror === undefined) return downloads;
    return downloads.map((item) => ({
        ...item,
        url: item.url.replace(/^https:\/\//, `${mirror.replace(/\/$/, "")}/`),
    }));
}

function release(
    name: keyof typeof releases,
    version: string,
    url: string,
    members: Readonly<Record<string, string>> = {},
): Release {
    const known: Readonly<Record<string, Record<Architecture, string>>> = releases[name];
    const sha256 = known[version];
    if (sha256 === undefined) {
        const others = Object.keys(known).join(", ");
        throw new Error(
            `${name} ${version} has no checksum in the catalogue; write one of ${others}, or use artifacts.source: bundle`,
        );
    }
    return { name, version, url, sha256, members };
}
