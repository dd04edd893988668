import type { ClusterConfig } from "../../model/clusterConfig";

const labels = { "app.kubernetes.io/name": "flannel" };

/**
 * flannel as a DaemonSet. It reaches the API at the endpoint itself, not through the service address, which kube-proxy
 * programs later and flannel would wait for in a back-off (TRAPS 68).
 */
export function flannelObjects({ endpoint, network, versions }: ClusterConfig): readonly object[] {
    const backend = network.mode === "vxlan" ? { Type: "vxlan" } : { Type: "host-gw" };
    const metadata = { name: "flannel", namespace: "kube-system", labels };
    return [
        { apiVersion: "v1", kind: "ServiceAccount", metadata },
        {
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "ClusterRole",
            metadata: { name: "flannel", labels },
            rules: [
                { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
                { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
                { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
            ],
        },
        {
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "ClusterRoleBinding",
            metadata: { name: "flannel", labels },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "flannel" },
            subjects: [{ kind: "ServiceAccount", name: "flannel", namespace: "kube-system" }],
        },
        {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata,
            data: {
                "net-conf.json": JSON.stringify({
                    Network: network.pods.toString(),
                    EnableNFTables: true,
                    Backend: backend,
                }),
            },
        },
        {
            apiVersion: "apps/v1",
            kind: "DaemonSet",
            metadata,
            spec: {
                selector: { matchLabels: labels },
                updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
                template: { metadata: { labels }, spec: podSpec(endpoint, versions.flannel.toString()) },
            },
        },
    ];
}

function podSpec(endpoint: ClusterConfig["endpoint"], version: string) {
    return {
        hostNetwork: true,
        serviceAccountName: "flannel",
        priorityClassName: "system-node-critical",
        tolerations: [{ operator: "Exists" }],
        containers: [
            {
                name: "flannel",
                image: `ghcr.io/flannel-io/flannel:${version}`,
                command: ["/opt/bin/flanneld"],
                args: ["--ip-masq", "--kube-subnet-mgr", "--iface=$(HOST_IP)"],
                resources: { requests: { cpu: "50m", memory: "50Mi" } },
                securityContext: { privileged: false, capabilities: { add: ["NET_ADMIN", "NET_RAW"] } },
                env: [
                    { name: "KUBERNETES_SERVICE_HOST", value: endpoint.address },
                    { name: "KUBERNETES_SERVICE_PORT", value: String(endpoint.port) },
                    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                    { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
                    { name: "HOST_IP", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } },
                    { name: "EVENT_QUEUE_DEPTH", value: "5000" },
                ],
                volumeMounts: [
                    { name: "run", mountPath: "/run/flannel" },
                    { name: "config", mountPath: "/etc/kube-flannel" },
                ],
            },
        ],
        volumes: [
            { name: "run", hostPath: { path: "/run/flannel", type: "DirectoryOrCreate" } },
            { name: "config", configMap: { name: "flannel" } },
        ],
    };
}
