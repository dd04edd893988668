import { stringify } from "yaml";
import { type ClusterConfig, type HostConfig, ingressHosts } from "../../model/clusterConfig";
import { type HostScript, loadScript } from "../command/hostScript";
import { SETTINGS_DIRECTORY } from "../controlPlane/componentArgs";
import { controlPlaneTaints, taintText } from "../controlPlane/kubeadmConfig";
import { machines } from "../host/machines";
import { poolOf } from "../workers/pools";

/** Label of nodes that carry the ingress proxy; its DaemonSet selects by it. */
export const INGRESS_LABEL = "node-role.kubernetes.io/ingress";

/** The step that gives every node its labels and taints. */
export function renderNodes(config: ClusterConfig): HostScript {
    const nodes = config.hosts.filter((host) => host.role !== "load-balancer");
    const labelsFile = `${SETTINGS_DIRECTORY}/nodes.yaml`;
    const taintsFile = `${SETTINGS_DIRECTORY}/taints`;
    const objects = nodes.map((host) => ({
        apiVersion: "v1",
        kind: "Node",
        metadata: {
            name: host.name,
            labels: labelsOf(config, host),
            annotations: { "quorate.dev/taints": taintsOf(config, host).join(" ") },
        },
    }));
    return {
        step: "nodes",
        settings: {
            names: nodes.map((host) => host.name),
            machines: machines(nodes),
            labels_file: labelsFile,
            taints_file: taintsFile,
        },
        files: [
            { path: labelsFile, mode: "0600", content: objects.map((object) => stringify(object)).join("---\n") },
            {
                path: taintsFile,
                mode: "0600",
                content: nodes.map((host) => `${host.name} ${taintsOf(config, host).join(" ")}\n`).join(""),
            },
        ],
        body: loadScript(__dirname, "nodes.sh"),
    };
}

function labelsOf(config: ClusterConfig, host: HostConfig): Record<string, string> {
    const pool = poolOf(config, host);
    return {
        ...(host.role === "control-plane"
            ? {
                  "node-role.kubernetes.io/control-plane": "",
                  "node.kubernetes.io/exclude-from-external-load-balancers": "",
              }
            : { "node-role.kubernetes.io/worker": "", "quorate.dev/pool": pool.name, ...pool.labels }),
        ...(host.zone !== undefined && { "topology.kubernetes.io/zone": host.zone }),
        ...(ingressHosts(config).includes(host) && { [INGRESS_LABEL]: "" }),
    };
}

function taintsOf(config: ClusterConfig, host: HostConfig): string[] {
    const taints = host.role === "control-plane" ? controlPlaneTaints(config) : poolOf(config, host).taints;
    return taints.map(taintText);
}
