import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterConfig, type HostConfig, hostsWithRole } from "../../model/clusterConfig";
import { type NodeRole, pauseImage } from "../artifacts/catalogue";
import { type PinnedImage, pinnedImages } from "../artifacts/digests";
import { type ClusterAccess, hostCommand } from "../command/hostCommand";
import { type HostScript, loadScript } from "../command/hostScript";
import { proxyDropIn, proxyDropInPath, proxyEnvironment } from "../command/proxy";
import { nodeRules, packetFilterBody, packetFilterFiles } from "../packetFilter/packetFilter";
import { POD_NETWORK_UNITS, podNetworkFiles } from "../network/podNetworkFiles";
import { CONTAINERD_UNIT, KUBELET_DROP_IN, KUBELET_UNIT, renderContainerdConfig } from "./containerdConfig";

export interface ContainerRuntimeArgs {
    readonly host: HostConfig;
    readonly access: ClusterAccess;
    readonly config: ClusterConfig;
}

/** containerd 2 on one node, with the images that the node's own programs need, and the kubelet's unit. */
export class ContainerRuntime extends pulumi.ComponentResource {
    readonly ready: remote.Command;

    constructor(name: string, args: ContainerRuntimeArgs, options?: pulumi.ComponentResourceOptions) {
        super("quorate:index:ContainerRuntime", name, {}, options);
        this.ready = hostCommand(
            name,
            { host: args.host, access: args.access, script: renderRuntime(args.host.role as NodeRole, args.config) },
            { parent: this },
        );
        this.registerOutputs({});
    }
}

/** The step that configures and starts containerd and brings the images of this role, and those of the bundle that are named. */
export function renderRuntime(role: NodeRole, config: ClusterConfig): HostScript {
    const { artifacts, network, versions } = config;
    const proxy = proxyEnvironment(config);
    const balancers = hostsWithRole(config, "load-balancer");
    const own = artifacts.source === "bundle" ? artifacts.images : [];
    return {
        step: "container-runtime",
        settings: {
            bundle: artifacts.source === "bundle" ? artifacts.directory : "",
            images: [...pinnedImages(config, role), ...own].map(imageLine),
            registry: artifacts.source === "mirror" ? artifacts.imageRegistry : "",
            proxy,
            proxy_file: proxyDropInPath("containerd.service"),
            units: network.mode === "none" ? [] : POD_NETWORK_UNITS,
        },
        files: [
            {
                path: "/etc/containerd/config.toml",
                mode: "0644",
                content: renderContainerdConfig(pauseImage(versions)),
            },
            { path: "/etc/systemd/system/containerd.service", mode: "0644", content: CONTAINERD_UNIT },
            { path: "/etc/systemd/system/kubelet.service", mode: "0644", content: KUBELET_UNIT },
            { path: "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf", mode: "0644", content: KUBELET_DROP_IN },
            ...proxyDropIn("containerd.service", proxy),
            ...(network.mode === "none" ? [] : podNetworkFiles()),
            ...packetFilterFiles(nodeRules(balancers)),
        ],
        body: packetFilterBody() + loadScript(__dirname, "runtime.sh"),
    };
}

/** Name, reference and, where it is pulled, digest. */
function imageLine({ name, reference, digest }: Pick<PinnedImage, "name" | "reference" | "digest">): string {
    return [name, reference, ...(digest === undefined ? [] : [digest])].join(" ");
}
