import { artifactVersions as versions } from "./versions";

/** One container image of the bundle. */
export interface ImageRecipe {
    /** Name of the archive, without `.tar`. */
    readonly name: string;
    readonly reference: string;
    /** Programs by path in the image: `artifact/program`, as in the catalogue. */
    readonly programs: Readonly<Record<string, string>>;
    /** Below the programs lies the packet-filter layer: nft, iptables, conntrack, a shell. */
    readonly networkTools?: boolean;
    readonly entrypoint: readonly string[];
    readonly command?: readonly string[];
}

const kubernetesImage = (program: string, networkTools = false): ImageRecipe => ({
    name: program,
    reference: `registry.k8s.io/${program}:v${versions.kubernetes}`,
    programs: { [`/usr/local/bin/${program}`]: `kubernetes/${program}` },
    networkTools,
    entrypoint: [`/usr/local/bin/${program}`],
});

/** The images of a cluster: same names, paths and entry points as the ones their projects publish. */
export const imageRecipes: readonly ImageRecipe[] = [
    kubernetesImage("kube-apiserver"),
    kubernetesImage("kube-controller-manager"),
    kubernetesImage("kube-scheduler"),
    kubernetesImage("kube-proxy", true),
    {
        name: "etcd",
        reference: `registry.k8s.io/etcd:${versions.etcd}-0`,
        programs: Object.fromEntries(
            ["etcd", "etcdctl", "etcdutl"].map((program) => [`/usr/local/bin/${program}`, `${program}/${program}`]),
        ),
        entrypoint: [],
        command: ["etcd"],
    },
    {
        name: "pause",
        reference: `registry.k8s.io/pause:${versions.pause}`,
        programs: { "/pause": "pause/usr/bin/catatonit" },
        entrypoint: ["/pause", "-P"],
    },
    {
        name: "coredns",
        reference: `registry.k8s.io/coredns/coredns:v${versions.coredns}`,
        programs: { "/coredns": "coredns/coredns" },
        entrypoint: ["/coredns"],
    },
    {
        name: "flannel",
        reference: `ghcr.io/flannel-io/flannel:v${versions.flannel}`,
        programs: { "/opt/bin/flanneld": "flannel/flanneld" },
        networkTools: true,
        entrypoint: ["/opt/bin/flanneld"],
    },
    {
        name: "agnhost",
        reference: `registry.k8s.io/e2e-test-images/agnhost:${versions.agnhost}`,
        programs: { "/agnhost": "agnhost/agnhost" },
        entrypoint: ["/agnhost"],
        command: ["pause"],
    },
    {
        name: "skipper",
        reference: `registry.opensource.zalan.do/teapot/skipper:v${versions.skipper}`,
        programs: { "/usr/bin/skipper": "skipper/skipper" },
        entrypoint: [],
        command: ["/usr/bin/skipper"],
    },
];

/** The full name of one of the bundle's images. @throws Error for a name that is not in the catalogue */
export function imageReference(name: string): string {
    const recipe = imageRecipes.find((candidate) => candidate.name === name);
    if (recipe === undefined) throw new Error(`no image "${name}" in the catalogue of images`);
    return recipe.reference;
}
