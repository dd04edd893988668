import * as command from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExample";

function connection(host: string) {
    return { host, hostKey: HOST_KEY, proxy: { host: "bastion.example", hostKey: HOST_KEY } };
}

// A cluster by hand: balancers as a copied file and as a command, API servers and etcd by kubeadm.
const backend = `
defaults
    mode tcp
    timeout check 1s
backend api
    option httpchk GET /readyz
    default-server check check-ssl verify none inter 1s fall 2
    server cp1 192.0.2.21:6443
    server cp2 192.0.2.22:6443
    server cp3 192.0.2.23:6443
`;
new command.remote.CopyToRemote("lb1", {
    connection: connection("192.0.2.11"),
    source: new pulumi.asset.StringAsset(backend),
    remotePath: "/etc/haproxy/haproxy.cfg",
});
new command.remote.Command("lb2", {
    connection: connection("192.0.2.12"),
    create: `cat > /etc/haproxy/haproxy.cfg <<'END'${backend}END\nsystemctl reload haproxy`,
});
const members = ["cp1", "cp2", "cp3"].map((name, index) => `${name}=https://192.0.2.${21 + index}:2380`).join(",");
new command.remote.Command(
    "cp1",
    {
        connection: connection("192.0.2.21"),
        create: `read -r password
cat > kubeadm.yaml <<END
kind: ClusterConfiguration
apiServer: { extraArgs: [{ name: shutdown-delay-duration, value: 10s }] }
etcd: { local: { extraArgs: [{ name: initial-cluster, value: "${members}" }] } }
END
kubeadm init --config kubeadm.yaml`,
        stdin: pulumi.secret("hunter2hunter2"),
        delete: "kubeadm reset --force",
    },
    { protect: true },
);
const fact = new command.remote.Command("fact", { connection: connection("192.0.2.31"), create: "hostname" });

// A workload by hand; what only the update will know must be no finding.
const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } });
const labels = { app: "web" };
const metadata = { name: "web", namespace: namespace.metadata.name };
const health = { httpGet: { path: "/ready", port: 8080 } };
new k8s.apps.v1.Deployment("web", {
    metadata,
    spec: {
        selector: { matchLabels: labels },
        template: {
            metadata: { labels: { ...labels, host: fact.stdout } },
            spec: {
                terminationGracePeriodSeconds: 40,
                topologySpreadConstraints: [
                    {
                        maxSkew: 1,
                        topologyKey: "kubernetes.io/hostname",
                        whenUnsatisfiable: "ScheduleAnyway",
                        labelSelector: { matchLabels: labels },
                    },
                ],
                containers: [
                    {
                        name: "web",
                        image: "registry.example:5000/web:1.4.2",
                        ports: [{ containerPort: 8080 }],
                        readinessProbe: { ...health, periodSeconds: 5 },
                        livenessProbe: { ...health, periodSeconds: 10, failureThreshold: 6 },
                        lifecycle: { preStop: { sleep: { seconds: 8 } } },
                        resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } },
                        env: [{ name: "HOST", value: fact.stdout }],
                    },
                ],
            },
        },
    },
});
const port = { port: 80, targetPort: 8080 };
new k8s.core.v1.Service("web", { metadata, spec: { selector: labels, ports: [port] } });
new k8s.networking.v1.Ingress("web", {
    metadata,
    spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
});
new k8s.autoscaling.v2.HorizontalPodAutoscaler("web", {
    metadata,
    spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        minReplicas: 3,
        maxReplicas: 6,
    },
});
new k8s.policy.v1.PodDisruptionBudget("web", {
    metadata,
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: labels } },
});
