import type { ClusterConfig } from "../../model/clusterConfig";

const labels = { "k8s-app": "kube-dns" };

/** The address that kubelets give to pods: the tenth of the service network, as kubeadm has it. */
export function dnsAddress(config: Pick<ClusterConfig, "network">): string {
    return config.network.services.addressAt(10);
}

/**
 * CoreDNS with two replicas on different nodes and a budget that always leaves one (TRAPS 41); a stopping replica keeps
 * answering while the rest of the cluster forgets it.
 */
export function corednsObjects(config: ClusterConfig): readonly object[] {
    const metadata = { name: "coredns", namespace: "kube-system", labels };
    return [
        { apiVersion: "v1", kind: "ServiceAccount", metadata },
        ...accessRules(),
        { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: corefile(config.network.domain) } },
        {
            apiVersion: "v1",
            kind: "Service",
            metadata: {
                name: "kube-dns",
                namespace: "kube-system",
                labels: { ...labels, "kubernetes.io/name": "CoreDNS" },
            },
            spec: {
                clusterIP: dnsAddress(config),
                selector: labels,
                ports: [
                    { name: "dns", port: 53, protocol: "UDP" },
                    { name: "dns-tcp", port: 53, protocol: "TCP" },
                    { name: "metrics", port: 9153, protocol: "TCP" },
                ],
            },
        },
        {
            apiVersion: "policy/v1",
            kind: "PodDisruptionBudget",
            metadata,
            spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: labels } },
        },
        {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata,
            spec: {
                replicas: 2,
                selector: { matchLabels: labels },
                strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
                template: { metadata: { labels }, spec: podSpec(config) },
            },
        },
    ];
}

function accessRules(): readonly object[] {
    const name = "system:coredns";
    return [
        {
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "ClusterRole",
            metadata: { name, labels },
            rules: [
                {
                    apiGroups: [""],
                    resources: ["endpoints", "services", "pods", "namespaces"],
                    verbs: ["list", "watch"],
                },
                { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
            ],
        },
        {
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "ClusterRoleBinding",
            metadata: { name, labels },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
            subjects: [{ kind: "ServiceAccount", name: "coredns", namespace: "kube-system" }],
        },
    ];
}

function corefile(domain: string): string {
    return `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes ${domain} in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
        max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
`;
}

function podSpec({ versions }: ClusterConfig) {
    const http = (path: string, port: number) => ({ path, port, scheme: "HTTP" });
    return {
        serviceAccountName: "coredns",
        priorityClassName: "system-cluster-critical",
        dnsPolicy: "Default",
        nodeSelector: { "kubernetes.io/os": "linux" },
        tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "DoNotSchedule",
                labelSelector: { matchLabels: labels },
                matchLabelKeys: ["pod-template-hash"],
            },
        ],
        terminationGracePeriodSeconds: 30,
        containers: [
            {
                name: "coredns",
                image: `registry.k8s.io/coredns/coredns:${versions.coredns}`,
                args: ["-conf", "/etc/coredns/Corefile"],
                resources: { requests: { cpu: "100m", memory: "70Mi" }, limits: { memory: "170Mi" } },
                ports: [
                    { name: "dns", containerPort: 53, protocol: "UDP" },
                    { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
                    { name: "metrics", containerPort: 9153, protocol: "TCP" },
                ],
                livenessProbe: {
                    httpGet: http("/health", 8080),
                    initialDelaySeconds: 30,
                    timeoutSeconds: 5,
                    failureThreshold: 5,
                },
                readinessProbe: { httpGet: http("/ready", 8181), periodSeconds: 2, timeoutSeconds: 2 },
                securityContext: {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
                },
                volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
            },
        ],
        volumes: [{ name: "config", configMap: { name: "coredns", items: [{ key: "Corefile", path: "Corefile" }] } }],
    };
}
