import * as command from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExample";

function connection(host: string) {
    return { host, hostKey: HOST_KEY };
}

// One balancer, which believes /healthz; API servers without a shutdown delay; two members.
const backend = `
backend api
    option httpchk GET /healthz
    default-server check check-ssl verify none inter 3s fall 3
    server cp1 192.0.2.21:6443
    server cp2 192.0.2.22:6443
`;
new command.remote.CopyToRemote("lb1", {
    connection: { host: "192.0.2.11" },
    source: new pulumi.asset.StringAsset(backend),
    remotePath: "/etc/haproxy/haproxy.cfg",
});
new command.remote.Command("cp1", {
    connection: { ...connection("192.0.2.21"), proxy: { host: "bastion.example" } },
    create: `cat > kubeadm.yaml <<END
kind: ClusterConfiguration
etcd: { local: { extraArgs: [{ name: initial-cluster, value: "cp1=https://192.0.2.21:2380,cp2=https://192.0.2.22:2380" }] } }
END
kubeadm init --config kubeadm.yaml --token abcdef.0123456789abcdef`,
});
new command.remote.Command("w1", {
    connection: connection("192.0.2.31"),
    create: "kubeadm join 192.0.2.21:6443",
    environment: { JOIN_TOKEN: "x" },
    delete: "kubeadm reset --force",
    triggers: ["v1.36.3"],
});

// A single replica behind an Ingress, with a budget that it can never keep.
const namespace = { namespace: "shop" };
const health = { httpGet: { path: "/ready", port: 8080 } };
const web = { app: "web" };
new k8s.apps.v1.Deployment("web", {
    metadata: { ...namespace, name: "web" },
    spec: {
        replicas: 1,
        selector: { matchLabels: web },
        template: {
            metadata: { labels: web },
            spec: {
                containers: [
                    {
                        name: "web",
                        image: "web",
                        ports: [{ containerPort: 8080 }],
                        readinessProbe: health,
                        livenessProbe: health,
                        lifecycle: { preStop: { exec: { command: ["sh", "-c", "sleep 60"] } } },
                    },
                ],
            },
        },
    },
});
new k8s.core.v1.Service("web", {
    metadata: { ...namespace, name: "web" },
    spec: { selector: web, ports: [{ port: 80, targetPort: 8080 }] },
});
new k8s.networking.v1.Ingress("web", {
    metadata: { ...namespace, name: "web" },
    spec: {
        rules: [
            {
                http: {
                    paths: [
                        {
                            path: "/",
                            pathType: "Prefix",
                            backend: { service: { name: "web", port: { number: 80 } } },
                        },
                    ],
                },
            },
        ],
    },
});
new k8s.policy.v1.PodDisruptionBudget("web", {
    metadata: { ...namespace, name: "web" },
    spec: { minAvailable: 1, selector: { matchLabels: web } },
});

// Four replicas that stop at once, may share a node, and stand under two budgets; another set under none.
const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } };
const cart = { app: "cart" };
new k8s.apps.v1.Deployment("cart", {
    metadata: { ...namespace, name: "cart" },
    spec: {
        replicas: 4,
        selector: { matchLabels: cart },
        template: {
            metadata: { labels: cart },
            spec: {
                containers: [{ name: "cart", image: "cart:1.0.0", ports: [{ containerPort: 8080 }], resources }],
            },
        },
    },
});
for (const name of ["cart", "cart-too"]) {
    new k8s.policy.v1.PodDisruptionBudget(name, {
        metadata: { ...namespace, name },
        spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: cart } },
    });
}
const queue = { app: "queue" };
new k8s.apps.v1.StatefulSet("queue", {
    metadata: { ...namespace, name: "queue" },
    spec: {
        serviceName: "queue",
        selector: { matchLabels: queue },
        template: {
            metadata: { labels: queue },
            spec: { containers: [{ name: "queue", image: "queue@sha256:0000", resources }] },
        },
    },
});
new k8s.autoscaling.v2.HorizontalPodAutoscaler("queue", {
    metadata: { ...namespace, name: "queue" },
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "queue" }, maxReplicas: 3 },
});
const worker = { app: "worker" };
new k8s.apps.v1.Deployment("worker", {
    metadata: { ...namespace, name: "worker" },
    spec: {
        replicas: 2,
        selector: { matchLabels: worker },
        template: {
            metadata: { labels: worker },
            spec: { containers: [{ name: "worker", image: "worker:2.1.0", resources }] },
        },
    },
});
const batch = { app: "batch" };
new k8s.apps.v1.Deployment("batch", {
    metadata: { ...namespace, name: "batch" },
    spec: {
        selector: { matchLabels: batch },
        template: {
            metadata: { labels: batch },
            spec: { containers: [{ name: "batch", image: "batch:2.1.0", resources }] },
        },
    },
});
new k8s.core.v1.Service("typo", {
    metadata: { ...namespace, name: "typo" },
    spec: { selector: { app: "wrker" }, ports: [{ port: 80 }] },
});
