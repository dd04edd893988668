import { stringify } from "yaml";
import { type ClusterConfig, type HostConfig, type PoolConfig, hostsWithRole } from "../../model/clusterConfig";
import { PORTS } from "../../model/ports";
import { etcdImageTag } from "../artifacts/catalogue";
import {
    type Argument,
    PATCHES_DIRECTORY,
    apiServerArgs,
    controllerManagerArgs,
    etcdArgs,
    schedulerArgs,
} from "./componentArgs";

const API_VERSION = "kubeadm.k8s.io/v1beta4";
const CRI_SOCKET = "unix:///run/containerd/containerd.sock";
const CONTROL_PLANE_TAINT: Taint = { key: "node-role.kubernetes.io/control-plane", value: "", effect: "NoSchedule" };

type Taint = PoolConfig["taints"][number];

/** Taints of control planes: they keep ordinary pods away unless the owner wants them there. */
export function controlPlaneTaints(config: ClusterConfig): readonly Taint[] {
    return config.schedulePodsOnControlPlanes ? [] : [CONTROL_PLANE_TAINT];
}

/** A taint as kubelet and kubectl read it. */
export function taintText({ key, value, effect }: Taint): string {
    return `${key}=${value}:${effect}`;
}

/** Filled in on the host from the recorded list of founding members. */
export const INITIAL_CLUSTER = "@INITIAL_CLUSTER@";
/** Filled in on the host from the secret that the first control plane keeps: another one for each creation (TRAPS 5). */
export const ETCD_TOKEN = "@ETCD_TOKEN@";
/** Filled in on the host at the moment of use. */
export const BOOTSTRAP_TOKEN = "@BOOTSTRAP_TOKEN@";

/** What clients may dial an API server by, besides what kubeadm adds for each host by itself (TRAPS 54). */
export function certificateNames(config: ClusterConfig): readonly string[] {
    const { address, certificateNames: more } = config.endpoint;
    const balancers = hostsWithRole(config, "load-balancer").flatMap((host) => [host.name, host.address]);
    return [...new Set([address, ...balancers, ...more])];
}

/** What kubeadm keeps in the cluster and reads again at every join and upgrade: no member list, no single host. */
function clusterConfiguration(config: ClusterConfig, extraEtcdArgs: readonly Argument[]) {
    const { endpoint, network, versions } = config;
    return {
        apiVersion: API_VERSION,
        kind: "ClusterConfiguration",
        clusterName: config.name,
        kubernetesVersion: versions.kubernetes.toString(),
        controlPlaneEndpoint: `${endpoint.address}:${endpoint.port}`,
        encryptionAlgorithm: "ECDSA-P256",
        networking: {
            podSubnet: network.pods.toString(),
            serviceSubnet: network.services.toString(),
            dnsDomain: network.domain,
        },
        apiServer: {
            certSANs: certificateNames(config),
            extraArgs: apiServerArgs(config),
            extraVolumes: [
                {
                    name: "quorate",
                    hostPath: "/etc/kubernetes/quorate",
                    mountPath: "/etc/kubernetes/quorate",
                    readOnly: true,
                },
                { name: "audit", hostPath: "/var/log/kubernetes/audit", mountPath: "/var/log/kubernetes/audit" },
            ],
        },
        controllerManager: { extraArgs: controllerManagerArgs(config) },
        scheduler: { extraArgs: schedulerArgs(config) },
        dns: { disabled: true },
        etcd: { local: { imageTag: etcdImageTag(versions), extraArgs: [...etcdArgs(config), ...extraEtcdArgs] } },
    };
}

function kubeletConfiguration({ kubelet }: ClusterConfig) {
    return {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        kind: "KubeletConfiguration",
        failCgroupV1: !kubelet.allowCgroupV1,
        failSwapOn: false,
        rotateCertificates: true,
        systemReserved: kubelet.systemReserved,
        kubeReserved: kubelet.kubeReserved,
        shutdownGracePeriod: kubelet.shutdownGracePeriod.toString(),
        shutdownGracePeriodCriticalPods: kubelet.shutdownGracePeriodCriticalPods.toString(),
    };
}

/** Connection tracking stays as the host has it: its limits are set once, by the host's own sysctls. */
function kubeProxyConfiguration() {
    return {
        apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
        kind: "KubeProxyConfiguration",
        mode: "nftables",
        conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    };
}

function nodeRegistration(host: HostConfig, taints: readonly Taint[]) {
    const registered = taints.map(taintText).join(",");
    return {
        name: host.name,
        criSocket: CRI_SOCKET,
        taints: [],
        kubeletExtraArgs: [
            { name: "node-ip", value: host.address },
            ...(registered === "" ? [] : [{ name: "register-with-taints", value: registered }]),
        ],
    };
}

function initConfiguration(config: ClusterConfig, host: HostConfig) {
    return {
        apiVersion: API_VERSION,
        kind: "InitConfiguration",
        localAPIEndpoint: { advertiseAddress: host.address, bindPort: PORTS.apiServer },
        nodeRegistration: nodeRegistration(host, controlPlaneTaints(config)),
        patches: { directory: PATCHES_DIRECTORY },
    };
}

interface InitExtras {
    readonly etcdArgs?: readonly Argument[];
    readonly bootstrapTokens?: readonly object[];
}

function initDocuments(config: ClusterConfig, host: HostConfig, extras: InitExtras = {}): string {
    const { etcdArgs: moreEtcdArgs = [], ...init } = extras;
    return documents(
        { ...initConfiguration(config, host), ...init },
        clusterConfiguration(config, moreEtcdArgs),
        kubeletConfiguration(config),
        kubeProxyConfiguration(),
    );
}

/** For the first start of a founding control plane: etcd comes up with all founding members at once. */
export function renderFoundingConfig(config: ClusterConfig, host: HostConfig): string {
    const founding = [
        { name: "initial-cluster", value: INITIAL_CLUSTER },
        { name: "initial-cluster-state", value: "new" },
        { name: "initial-cluster-token", value: ETCD_TOKEN },
    ];
    return initDocuments(config, host, { etcdArgs: founding });
}

/** For everything after the founding: rendering manifests again. Joins and upgrades read the uploaded form of it. */
export function renderClusterConfig(config: ClusterConfig, host: HostConfig): string {
    return initDocuments(config, host);
}

/** For the once of writing into the cluster: the same with a token that nobody uses, for kubeadm would make and print one. */
export function renderInitialiseConfig(config: ClusterConfig, host: HostConfig): string {
    const token = { token: BOOTSTRAP_TOKEN, ttl: "1m0s", description: "founding of the cluster" };
    return initDocuments(config, host, { bootstrapTokens: [token] });
}

/** For a host that joins; finds the cluster through a kubeconfig with a short-lived token, as anonymous reads are off. */
export function renderJoinConfig(config: ClusterConfig, host: HostConfig, taints: readonly Taint[] = []): string {
    const controlPlane = host.role === "control-plane";
    const ownTaints = controlPlane ? controlPlaneTaints(config) : taints;
    return documents({
        apiVersion: API_VERSION,
        kind: "JoinConfiguration",
        discovery: { file: { kubeConfigPath: DISCOVERY_FILE }, tlsBootstrapToken: BOOTSTRAP_TOKEN },
        nodeRegistration: nodeRegistration(host, ownTaints),
        timeouts: { discovery: "5m0s", tlsBootstrap: "5m0s", etcdAPICall: "2m0s" },
        ...(controlPlane && {
            controlPlane: { localAPIEndpoint: { advertiseAddress: host.address, bindPort: PORTS.apiServer } },
            patches: { directory: PATCHES_DIRECTORY },
        }),
    });
}

/** In memory for the moment of a join (secrets.sh). */
export const DISCOVERY_FILE = "/run/quorate-private/discovery.conf";

function documents(...items: readonly object[]): string {
    return items.map((item) => stringify(item, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
}
