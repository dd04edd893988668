import { stringify } from "yaml";
import { etcdImageTag } from "../../components/artifacts/catalogue";
import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";

const API_VERSION = "kubeadm.k8s.io/v1beta4";

/** What `kubeadm init` makes and joining hosts are told. */
export interface JoinSecrets {
    readonly token: string;
    /** Key under which `--upload-certs` leaves the certificates for further control planes; 64 hex digits. */
    readonly certificateKey: string;
}

/**
 * Preflight checks that the lab's hosts cannot satisfy, whoever creates the cluster: the verification refuses cgroup v1
 * whatever the kubelet is told, and a container may not see how the kernel was configured.
 */
const UNSATISFIABLE = ["SystemVerification"];

/**
 * For `kubeadm init` on the first control plane: kubeadm's defaults, the addresses, the image tags that the hosts hold,
 * and what the lab's machine needs (cgroup v1, connection tracking that containers may not set).
 */
export function renderInit(config: ClusterConfig, host: HostConfig, secrets: JoinSecrets): string {
    const { versions, endpoint, network, kubelet } = config;
    return documents(
        {
            apiVersion: API_VERSION,
            kind: "InitConfiguration",
            bootstrapTokens: [{ token: secrets.token }],
            certificateKey: secrets.certificateKey,
            localAPIEndpoint: { advertiseAddress: host.address },
            nodeRegistration: nodeRegistration(host),
        },
        {
            apiVersion: API_VERSION,
            kind: "ClusterConfiguration",
            kubernetesVersion: versions.kubernetes.toString(),
            controlPlaneEndpoint: `${endpoint.address}:${endpoint.port}`,
            networking: { podSubnet: network.pods.toString() },
            dns: { imageTag: versions.coredns.toString() },
            etcd: { local: { imageTag: etcdImageTag(versions) } },
        },
        {
            apiVersion: "kubelet.config.k8s.io/v1beta1",
            kind: "KubeletConfiguration",
            ...(kubelet.allowCgroupV1 && { failCgroupV1: false }),
        },
        {
            apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
            kind: "KubeProxyConfiguration",
            mode: "nftables",
            conntrack: { maxPerCore: 0, min: 0 },
        },
    );
}

/** For `kubeadm join` of one host. @param caHash `sha256:...`, as `kubeadm init` prints it */
export function renderJoin(config: ClusterConfig, host: HostConfig, secrets: JoinSecrets, caHash: string): string {
    const { address, port } = config.endpoint;
    return documents({
        apiVersion: API_VERSION,
        kind: "JoinConfiguration",
        discovery: {
            bootstrapToken: {
                apiServerEndpoint: `${address}:${port}`,
                token: secrets.token,
                caCertHashes: [caHash],
            },
        },
        nodeRegistration: nodeRegistration(host),
        ...(host.role === "control-plane" && {
            controlPlane: {
                certificateKey: secrets.certificateKey,
                localAPIEndpoint: { advertiseAddress: host.address },
            },
        }),
    });
}

/** The CA's hash in the join command that `kubeadm init` prints. @throws Error when there is none */
export function caHashFrom(output: string): string {
    const hash = /sha256:[0-9a-f]{64}/.exec(output)?.[0];
    if (hash === undefined) throw new Error("kubeadm init printed no CA hash; expected a join command with sha256:...");
    return hash;
}

function nodeRegistration(host: HostConfig) {
    return {
        name: host.name,
        criSocket: "unix:///run/containerd/containerd.sock",
        ignorePreflightErrors: UNSATISFIABLE,
        kubeletExtraArgs: [{ name: "node-ip", value: host.address }],
    };
}

function documents(...items: readonly object[]): string {
    return items.map((item) => stringify(item, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
}
