import { createHash } from "node:crypto";
import { type ClusterConfig, type HostConfig, hostsWithRole } from "../../model/clusterConfig";
import { type HostScript, loadScript } from "../command/hostScript";
import { proxyEnvironment } from "../command/proxy";
import { machines } from "../host/machines";
import { SETTINGS_DIRECTORY } from "./componentArgs";
import { certificateNames, renderFoundingConfig, renderInitialiseConfig, renderJoinConfig } from "./kubeadmConfig";
import { settingsFiles } from "./settingsFiles";

/** kubeadm's phases by what they touch: the single host, or the cluster as a whole. */
const HOST_PHASES = ["certs", "kubeconfig", "etcd", "control-plane", "kubelet-start"];
const CLUSTER_PHASES = ["upload-config", "bootstrap-token", "addon"];
/** Replaced by quorate's own: preflight, waiting, labels and taints, certificates carried as a secret. */
const UNUSED_PHASES = [
    "preflight",
    "wait-control-plane",
    "upload-certs",
    "mark-control-plane",
    "kubelet-finalize",
    "show-join-command",
];

const script = (name: string) => loadScript(__dirname, name);
const scripts = (...names: readonly string[]) => names.map(script).join("\n");

/** Hash over everything that control planes are configured with; a change is applied to one after the other. */
function configurationHash(config: ClusterConfig, host: HostConfig): string {
    const text = [...settingsFiles(config, host).map((file) => file.content), ...proxyEnvironment(config)];
    return createHash("sha256").update(text.join("\n")).digest("hex").slice(0, 16);
}

const peerUrl = (host: HostConfig) => `${host.name}=https://${host.address}:2380`;

/** Makes or finds the cluster's identity on its first control plane, and hands it out. */
export function renderPki(config: ClusterConfig, first: HostConfig): HostScript {
    const controlPlanes = hostsWithRole(config, "control-plane");
    return {
        step: "pki",
        settings: {
            cluster: config.name,
            members: controlPlanes.map(peerUrl).join(","),
            others: controlPlanes.filter(({ name }) => name !== first.name).map(({ address }) => address),
            // What is handed out to a new machine depends on whether the cluster is formed by now.
            machines: machines(controlPlanes),
        },
        files: settingsFiles(config, first),
        body: script("pki.sh"),
        output: "own",
    };
}

/** Puts the identity onto a control plane. The same text for every host and every configuration: what comes in differs. */
export function renderIdentity(): HostScript {
    return { step: "identity", body: scripts("secrets.sh", "identity.sh") };
}

/** Starts a founding member; all of them run at the same time. */
export function renderFound(config: ClusterConfig, host: HostConfig): HostScript {
    return {
        step: "found",
        settings: {
            name: host.name,
            proxy: proxyEnvironment(config),
            configuration: configurationHash(config, host),
            skipped_phases: [...UNUSED_PHASES, ...CLUSTER_PHASES].join(","),
        },
        files: [
            ...settingsFiles(config, host),
            { path: `${SETTINGS_DIRECTORY}/founding.yaml`, mode: "0600", content: renderFoundingConfig(config, host) },
        ],
        body: scripts("secrets.sh", "found.sh"),
    };
}

/** How long a member of a host that is not configured any more stays silent before it counts as gone, in seconds. */
const PATIENCE = 15;
/** How long members may take to be whole after the change before, in seconds. */
const SETTLING = 60;

/**
 * Joins a later control plane, takes out members that are dead for good, or applies changed settings; must run on one
 * control plane at a time.
 */
export function renderMember(config: ClusterConfig, host: HostConfig): HostScript {
    const controlPlanes = hostsWithRole(config, "control-plane");
    return {
        step: "member",
        settings: {
            name: host.name,
            proxy: proxyEnvironment(config),
            address: host.address,
            endpoint: `${config.endpoint.address}:${config.endpoint.port}`,
            control_planes: controlPlanes.map((other) => other.name),
            addresses: controlPlanes.map((other) => other.address),
            patience: PATIENCE,
            settling: SETTLING,
            certificate_names: certificateNames(config),
            configuration: configurationHash(config, host),
        },
        files: [{ path: `${SETTINGS_DIRECTORY}/join.yaml`, mode: "0600", content: renderJoinConfig(config, host) }],
        body: scripts("secrets.sh", "membership.sh", "joining.sh", "servingCertificate.sh", "member.sh"),
    };
}

/** Writes kubeadm's records and kube-proxy into the cluster, once. */
export function renderInitialise(config: ClusterConfig, first: HostConfig): HostScript {
    return {
        step: "initialise",
        settings: {
            endpoint: `${config.endpoint.address}:${config.endpoint.port}`,
            skipped_phases: [...UNUSED_PHASES, ...HOST_PHASES, "addon/coredns"].join(","),
        },
        files: [
            {
                path: `${SETTINGS_DIRECTORY}/initialise.yaml`,
                mode: "0600",
                content: renderInitialiseConfig(config, first),
            },
        ],
        body: scripts("secrets.sh", "initialise.sh"),
        output: "own",
    };
}

/** The last touch on a control plane, once the cluster is formed. */
export function renderFinalize(): HostScript {
    return { step: "finalize", body: script("finalize.sh") };
}
