import type { ClusterConfigInput } from "../../model/clusterConfig";
import { imageReference } from "../artifacts/imageCatalogue";
import { artifactVersions } from "../artifacts/versions";
import type { LabHostEntry } from "../hosts/inventory";
import { bundleOnHost } from "../image/hostImage";
import { type LabRole, defaultHostNames, labNetwork } from "../topology";

type Role = ClusterConfigInput["hosts"][number]["role"];

/** A bastion has none: it belongs to no cluster. */
const ROLES: Readonly<Record<Exclude<LabRole, "bastion">, Role>> = {
    loadBalancer: "load-balancer",
    controlPlane: "control-plane",
    worker: "worker",
};

/**
 * The lab's cluster as a stack's configuration, the value of `quorate:cluster`.
 *
 * @param hostNames which of the lab's hosts belong to it
 * @param cgroupV1 whether the lab's machine, and so its hosts, run cgroup v1
 */
export function labClusterConfig(
    hosts: readonly LabHostEntry[],
    bundleSha256sums: string,
    cgroupV1: boolean,
    hostNames: readonly string[] = defaultHostNames,
): ClusterConfigInput {
    const { kubernetes, etcd, containerd, cniPlugins, coredns, flannel, pause } = artifactVersions;
    return {
        name: "lab",
        versions: { kubernetes: `v${kubernetes}`, etcd, containerd, cniPlugins, coredns, flannel, pause },
        hosts: hosts
            .filter((host) => hostNames.includes(host.name))
            .flatMap(({ name, address, role, hostKey }) =>
                role === "bastion" ? [] : [{ name, address, role: ROLES[role], hostKey }],
            ),
        endpoint: {
            address: labNetwork.virtualAddress,
            ingress: [{ name: "ingress-http", port: 80, protocol: "http", checkPath: "/kube-system/healthz" }],
        },
        network: { hosts: labNetwork.cidr },
        artifacts: {
            source: "bundle",
            directory: bundleOnHost,
            sha256sums: bundleSha256sums,
            images: ["skipper", "agnhost"].map((name) => ({ name, reference: imageReference(name) })),
        },
        kubelet: { allowCgroupV1: cgroupV1 },
        protect: false,
    };
}
