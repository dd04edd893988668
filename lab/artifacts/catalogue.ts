import { architecture, artifactVersions as versions } from "./versions";

/** Programs that come from one place, under one version. */
export interface Artifact {
    readonly name: string;
    readonly version: string;
    /** File names of the programs. */
    readonly programs: readonly string[];
    readonly build: GoBuild;
    /** Where the project itself offers them ready made; without, they are always built. */
    readonly release?: Release;
}

/** How to build programs from Go modules. */
export interface GoBuild {
    /** Folder below `modules/` whose go.mod and go.sum pin everything. */
    readonly module: string;
    /** Import path of each program, in the order of `programs`. */
    readonly packages: readonly string[];
    /** String variables set by the linker: how programs learn their version. */
    readonly variables?: Readonly<Record<string, string>>;
    /** Links C code statically; needs a C compiler. */
    readonly staticC?: boolean;
}

/** Files that a project publishes. Every one is checked against the checksum that the project publishes beside it. */
export interface Release {
    readonly files: readonly ReleaseFile[];
}

export interface ReleaseFile {
    readonly url: string;
    /** A file of `sha256  name` lines, or of a bare sha256. */
    readonly checksumUrl: string;
    /** For an archive: the path in it of each program wanted. Without, the file is itself the program. */
    readonly members?: readonly string[];
}

const { kubernetes } = versions;
const [major, minor] = kubernetes.split(".");

const kubernetesVersionVariables = Object.fromEntries(
    ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((source) =>
        Object.entries({
            gitVersion: `v${kubernetes}`,
            gitMajor: `${major}`,
            gitMinor: `${minor}`,
            gitCommit: "lab",
            gitTreeState: "clean",
            buildDate: "2026-01-01T00:00:00Z",
        }).map(([variable, value]) => [`${source}.${variable}`, value]),
    ),
);

const kubernetesPrograms = [
    ...["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"],
    ...["kubeadm", "kubectl", "kubelet"],
];

const github = (repository: string, tag: string, file: string): string =>
    `https://github.com/${repository}/releases/download/${tag}/${file}`;

const etcdProgram = (name: string, module: string, importPath: string): Artifact => {
    const folder = `etcd-v${versions.etcd}-linux-${architecture}`;
    const release = (file: string): string => github("etcd-io/etcd", `v${versions.etcd}`, file);
    const file: ReleaseFile = {
        url: release(`${folder}.tar.gz`),
        checksumUrl: release("SHA256SUMS"),
        members: [`${folder}/${name}`],
    };
    const build = { module, packages: [importPath] };
    return { name, version: versions.etcd, programs: [name], build, release: { files: [file] } };
};

/** Everything a cluster is made of, small things first so that a first run shows early that it works. */
export const clusterArtifacts: readonly Artifact[] = [
    {
        name: "cni-plugins",
        version: versions.cniPlugins,
        programs: ["bridge", "loopback", "host-local", "portmap", "firewall"],
        build: {
            module: "cni",
            packages: ["main/bridge", "main/loopback", "ipam/host-local", "meta/portmap", "meta/firewall"].map(
                (plugin) => `github.com/containernetworking/plugins/plugins/${plugin}`,
            ),
        },
        release: archiveRelease("containernetworking/plugins", `v${versions.cniPlugins}`, {
            file: `cni-plugins-linux-${architecture}-v${versions.cniPlugins}.tgz`,
            checksumSuffix: ".sha256",
            members: ["./bridge", "./loopback", "./host-local", "./portmap", "./firewall"],
        }),
    },
    etcdProgram("etcd", "etcd", "go.etcd.io/etcd/server/v3"),
    etcdProgram("etcdctl", "etcdctl", "go.etcd.io/etcd/etcdctl/v3"),
    etcdProgram("etcdutl", "etcdutl", "go.etcd.io/etcd/etcdutl/v3"),
    {
        name: "containerd",
        version: versions.containerd,
        programs: ["containerd", "ctr", "containerd-shim-runc-v2"],
        build: {
            module: "containerd",
            packages: ["containerd", "ctr", "containerd-shim-runc-v2"].map(
                (program) => `github.com/containerd/containerd/v2/cmd/${program}`,
            ),
            variables: { "github.com/containerd/containerd/v2/version.Version": versions.containerd },
        },
        release: archiveRelease("containerd/containerd", `v${versions.containerd}`, {
            file: `containerd-${versions.containerd}-linux-${architecture}.tar.gz`,
            checksumSuffix: ".sha256sum",
            members: ["bin/containerd", "bin/ctr", "bin/containerd-shim-runc-v2"],
        }),
    },
    {
        name: "kubernetes",
        version: kubernetes,
        programs: kubernetesPrograms,
        build: {
            module: "kubernetes",
            packages: kubernetesPrograms.map((program) => `k8s.io/kubernetes/cmd/${program}`),
            variables: kubernetesVersionVariables,
        },
        release: {
            files: kubernetesPrograms.map((program) => {
                const url = `https://dl.k8s.io/release/v${kubernetes}/bin/linux/${architecture}/${program}`;
                return { url, checksumUrl: `${url}.sha256` };
            }),
        },
    },
    {
        name: "agnhost",
        version: versions.agnhost,
        programs: ["agnhost"],
        build: { module: "kubernetes", packages: ["k8s.io/kubernetes/test/images/agnhost"] },
    },
    {
        name: "coredns",
        version: versions.coredns,
        programs: ["coredns"],
        build: { module: "coredns", packages: ["github.com/coredns/coredns"] },
        release: archiveRelease("coredns/coredns", `v${versions.coredns}`, {
            file: `coredns_${versions.coredns}_linux_${architecture}.tgz`,
            checksumSuffix: ".sha256",
            members: ["coredns"],
        }),
    },
    {
        name: "flannel",
        version: versions.flannel,
        programs: ["flanneld"],
        build: {
            module: "flannel",
            packages: ["github.com/flannel-io/flannel"],
            variables: { "github.com/flannel-io/flannel/pkg/version.Version": `v${versions.flannel}` },
            staticC: true,
        },
    },
    {
        name: "skipper",
        version: versions.skipper,
        programs: ["skipper"],
        build: { module: "skipper", packages: ["github.com/zalando/skipper/cmd/skipper"] },
    },
];

/** The Pulumi command line that drives the lab's cluster. */
export const pulumiArtifact: Artifact = {
    name: "pulumi",
    version: versions.pulumi,
    programs: ["pulumi"],
    build: {
        module: "pulumi",
        packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}` },
    },
    release: {
        files: [
            {
                url: github(
                    "pulumi/pulumi",
                    `v${versions.pulumi}`,
                    `pulumi-v${versions.pulumi}-linux-${architecture === "amd64" ? "x64" : architecture}.tar.gz`,
                ),
                checksumUrl: github("pulumi/pulumi", `v${versions.pulumi}`, `pulumi-${versions.pulumi}-checksums.txt`),
                members: ["pulumi/pulumi"],
            },
        ],
    },
};

interface ReleaseArchive {
    readonly file: string;
    readonly checksumSuffix: string;
    readonly members: readonly string[];
}

function archiveRelease(repository: string, tag: string, archive: ReleaseArchive): Release {
    const url = github(repository, tag, archive.file);
    return { files: [{ url, checksumUrl: url + archive.checksumSuffix, members: archive.members }] };
}
