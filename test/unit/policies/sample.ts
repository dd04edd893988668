import assert from "node:assert/strict";
import type { GraphResource } from "../../../policies/graph/resource";
import type { Fields, Value } from "../../../policies/graph/value";
import { type Rule, findingsOf } from "../../../policies/rules/rule";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExample";

type Options = Partial<Pick<GraphResource, "protect" | "deleteBeforeReplace">>;

export function resource(type: string, name: string, properties: Value, options: Options = {}): GraphResource {
    const urn = `urn:pulumi:dev::shop::${type}::${name}`;
    return { urn, type, name, properties, protect: false, deleteBeforeReplace: false, ...options };
}

/** A command on a host that is pinned. */
export function command(name: string, properties: Fields, options?: Options): GraphResource {
    return resource("command:remote:Command", name, { connection: pinned(name), ...properties }, options);
}

export function file(name: string, text: Value): GraphResource {
    return resource("command:remote:CopyToRemote", name, {
        connection: pinned(name),
        source: { text },
        remotePath: "/etc/haproxy/haproxy.cfg",
    });
}

export function pinned(host: string): Fields {
    return { host, hostKey: HOST_KEY };
}

/** An object in namespace shop. */
export function object(type: string, name: string, spec: Value): GraphResource {
    return resource(`kubernetes:${type}`, name, { metadata: { namespace: "shop", name }, spec });
}

export const container: Fields = {
    name: "app",
    image: "app:1.0.0",
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
    lifecycle: { preStop: { sleep: { seconds: 8 } } },
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } },
};

const spread: Value = [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" }];

export function podSpec(changes: Fields = {}, more: Fields = {}): Fields {
    return { containers: [{ ...container, ...changes }], topologySpreadConstraints: spread, ...more };
}

/** A Deployment, of three replicas, with the label `app` like its name. */
export function deployment(name: string, spec: Fields = {}, pod: Value = podSpec()): GraphResource {
    return replicated("apps/v1:Deployment", name, spec, pod);
}

export function statefulSet(name: string, spec: Fields = {}, pod: Value = podSpec()): GraphResource {
    return replicated("apps/v1:StatefulSet", name, spec, pod);
}

function replicated(type: string, name: string, spec: Fields, pod: Value): GraphResource {
    const labels = { app: name };
    return object(type, name, {
        replicas: 3,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: pod },
        ...spec,
    });
}

export function service(name: string, selector: Value = { app: name }): GraphResource {
    return object("core/v1:Service", name, { selector, ports: [{ port: 80, targetPort: 8080 }] });
}

export function ingress(name: string, to = name): GraphResource {
    return object("networking.k8s.io/v1:Ingress", name, {
        rules: [{ http: { paths: [{ path: "/", backend: { service: { name: to, port: { number: 80 } } } }] } }],
    });
}

export function budget(name: string, spec: Fields = { maxUnavailable: 1 }, app = name): GraphResource {
    return object("policy/v1:PodDisruptionBudget", name, {
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: { app } },
        ...spec,
    });
}

export function autoscaler(target: string, spec: Fields = { minReplicas: 3 }): GraphResource {
    return object("autoscaling/v2:HorizontalPodAutoscaler", target, {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: target },
        maxReplicas: 6,
        ...spec,
    });
}

/** A backend of API servers as HAProxy reads it. */
export function haproxy({ path = "/readyz", check = "check check-ssl verify none inter 1s fall 2" } = {}): string {
    return [
        "defaults",
        "    timeout check 1s",
        "backend k8s-api",
        ...(path === "" ? [] : [`    option httpchk GET ${path}`]),
        `    default-server ${check}`,
        "    server cp1 192.0.2.21:6443",
        "    server cp2 192.0.2.22:6443",
        "",
    ].join("\n");
}

/** kubeadm's configuration of a cluster. */
export function kubeadm({
    delay = "10s",
    members = ["cp1", "cp2", "cp3"],
}: { delay?: string; members?: string[] } = {}) {
    const list = members.map((name, index) => `${name}=https://192.0.2.${21 + index}:2380`).join(",");
    return [
        "kind: ClusterConfiguration",
        "apiServer:",
        "  extraArgs:",
        ...(delay === "" ? [] : ["    - name: shutdown-delay-duration", `      value: ${delay}`]),
        "etcd: { local: { extraArgs: [",
        `  { name: initial-cluster, value: "${list}" } ] } }`,
        "",
    ].join("\n");
}

/** A stack with something for every rule to look at and nothing to find. */
export function goodStack(): readonly GraphResource[] {
    return [
        file("lb1", haproxy()),
        command("lb2", { create: `cat > /etc/haproxy/haproxy.cfg <<END\n${haproxy()}END` }),
        command(
            "cp1",
            {
                create: `kubeadm init --config - <<END\n${kubeadm()}END`,
                stdin: "password=hunter2hunter2",
                environment: { LANG: "C" },
                delete: "kubeadm reset --force",
                triggers: ["a"],
            },
            { protect: true, deleteBeforeReplace: true },
        ),
        deployment("web", {}, podSpec({ livenessProbe: { tcpSocket: { port: 8080 } } })),
        service("web"),
        ingress("web"),
        autoscaler("web"),
        budget("web"),
        statefulSet("queue"),
        budget("queue", { minAvailable: 2 }),
        object("apps/v1:DaemonSet", "agent", {
            template: { metadata: { labels: { app: "agent" } }, spec: podSpec({ ports: [] }) },
        }),
    ];
}

/** Asserts what a rule says of a stack, in order: each finding names its object first and holds the words. */
export function assertFindings(
    rule: Rule,
    resources: readonly GraphResource[],
    expected: readonly RegExp[],
    configured?: Readonly<Record<string, number>>,
): void {
    const messages = findingsOf(rule, resources, configured).map(({ message }) => message);
    assert.equal(messages.length, expected.length, `${rule.name}:\n${messages.join("\n")}`);
    expected.forEach((words, index) => assert.match(messages[index] ?? "", words));
}
