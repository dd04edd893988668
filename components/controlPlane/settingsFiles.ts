import { stringify } from "yaml";
import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";
import type { HostFile } from "../command/hostScript";
import { renderApiServerPatch } from "./apiServerPatch";
import { PATCHES_DIRECTORY, SETTINGS_DIRECTORY } from "./componentArgs";
import { renderClusterConfig } from "./kubeadmConfig";
import { renderStartupPatch, type StaticPod } from "./startupPatch";

/**
 * Anonymous requests reach the health paths only: load balancers ask without credentials (TRAPS 19), nobody else may.
 */
const AUTHENTICATION = {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    anonymous: { enabled: true, conditions: ["/livez", "/readyz", "/healthz"].map((path) => ({ path })) },
};

/** Who did what: bodies only where something changes, never of secrets; the noise of watches and leases left out. */
const AUDIT_POLICY = {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    rules: [
        { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"] },
        { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
        {
            level: "None",
            verbs: ["get", "list", "watch"],
            userGroups: ["system:nodes", "system:serviceaccounts:kube-system"],
        },
        {
            level: "None",
            users: ["system:apiserver", "system:kube-scheduler", "system:kube-controller-manager"],
            verbs: ["get", "list", "watch"],
        },
        {
            level: "Metadata",
            resources: [
                { group: "", resources: ["secrets", "configmaps", "serviceaccounts/token"] },
                { group: "authentication.k8s.io", resources: ["tokenreviews"] },
            ],
        },
        { level: "Metadata", verbs: ["get", "list", "watch"] },
        { level: "Request" },
    ],
};

/** What API servers read once, when they start. */
const API_SERVER_FILES: readonly HostFile[] = [
    { path: `${SETTINGS_DIRECTORY}/authentication.yaml`, mode: "0600", content: stringify(AUTHENTICATION) },
    { path: `${SETTINGS_DIRECTORY}/audit-policy.yaml`, mode: "0600", content: stringify(AUDIT_POLICY) },
];

/** Changed in their startup probe only. An etcd that runs gets its own with the next manifest that kubeadm writes. */
const STARTUP_PATCHED: readonly StaticPod[] = ["etcd", "kube-controller-manager", "kube-scheduler"];

/** Everything without secrets that a control plane is configured with. */
export function settingsFiles(config: ClusterConfig, host: HostConfig): readonly HostFile[] {
    return [
        { path: `${SETTINGS_DIRECTORY}/cluster.yaml`, mode: "0600", content: renderClusterConfig(config, host) },
        ...API_SERVER_FILES,
        patchFile("kube-apiserver", renderApiServerPatch(config, API_SERVER_FILES)),
        ...STARTUP_PATCHED.map((pod) => patchFile(pod, renderStartupPatch(pod))),
    ];
}

/** Named as kubeadm looks for them (`kubeadm init --patches`). */
function patchFile(pod: StaticPod, content: string): HostFile {
    return { path: `${PATCHES_DIRECTORY}/${pod}0+strategic.yaml`, mode: "0600", content };
}
