import type { types } from "@pulumi/kubernetes";
import { type IngressProxy, innerPorts, proxyGrace } from "./ingressArgs";
import { admissionObjects } from "./ingressAdmission";
import { metadataOf, selectorOf } from "./labels";
import { commandLine, container, podBasics, podMetadata, serviceAccount } from "./podTemplate";
import { containerProbes, probesSchema } from "./probes";
import { resourceRequirements } from "./resources";
import { containerSecurity } from "./security";

/** Where critical add-ons live: `system-*` priority classes are for this namespace. */
const NAMESPACE = "kube-system";

/** Nodes that load balancers send requests to. */
const INGRESS_NODES = { "node-role.kubernetes.io/ingress": "" };

const RBAC = "rbac.authorization.k8s.io";

/** All objects of an ingress proxy as Kubernetes gets them. */
export function ingressObjects(proxy: IngressProxy) {
    const args = { ...proxy, namespace: NAMESPACE };
    return {
        serviceAccount: serviceAccount(args, { token: true }),
        ...accessRules(args),
        ingressClass: ingressClass(args),
        admission: admissionObjects(args, clusterWide(args)),
        daemonSet: daemonSet(args),
    };
}

type NamespacedProxy = IngressProxy & { readonly namespace: string };

function clusterWide(args: NamespacedProxy) {
    const { namespace: _, ...metadata } = metadataOf(args);
    return metadata;
}

function accessRules(args: NamespacedProxy) {
    const { name, namespace, rules } = args;
    return {
        role: { metadata: clusterWide(args), rules } satisfies types.input.rbac.v1.ClusterRole,
        binding: {
            metadata: clusterWide(args),
            roleRef: { apiGroup: RBAC, kind: "ClusterRole", name },
            subjects: [{ kind: "ServiceAccount", name, namespace }],
        } satisfies types.input.rbac.v1.ClusterRoleBinding,
    };
}

function ingressClass(args: NamespacedProxy) {
    const { name, controller, default: isDefault } = args.ingressClass;
    const metadata = clusterWide(args);
    return {
        metadata: {
            ...metadata,
            name,
            annotations: {
                ...metadata.annotations,
                ...(isDefault && { "ingressclass.kubernetes.io/is-default-class": "true" }),
            },
        },
        spec: { controller },
    } satisfies types.input.networking.v1.IngressClass;
}

/** One proxy after the other: a node's port is free for the new one only when the old one has gone. */
function daemonSet(args: NamespacedProxy) {
    return {
        metadata: metadataOf(args),
        spec: {
            minReadySeconds: args.minReady.wholeSeconds,
            updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
            selector: { matchLabels: selectorOf(args.name) },
            template: { metadata: podMetadata(args), spec: pod(args) },
        },
    } satisfies types.input.apps.v1.DaemonSet;
}

/**
 * On the pod network with ports of the node, not on the node's own network: there, the proxy would start and be sent requests
 * before it can reach pods of other nodes (TRAPS 63). No preStop: the proxy must learn of its end at once, to fail its check.
 */
function pod(args: NamespacedProxy) {
    return {
        ...podBasics({ ...args, criticalAddon: true }, { token: true }),
        nodeSelector: INGRESS_NODES,
        tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
        terminationGracePeriodSeconds: proxyGrace(args).wholeSeconds,
        ...(args.gate !== undefined && { initContainers: [gate(args, args.gate)] }),
        containers: [
            {
                ...container(args),
                ports: [...args.ports, ...innerPorts(args)],
                ...containerProbes(probes(args), args.health.port),
            },
        ],
    } satisfies types.input.core.v1.PodSpec;
}

/** A proxy that waits for its routes and its node's pod network is not broken: restarts would only make it wait longer. */
function probes({ health }: IngressProxy) {
    return probesSchema.parse({ readiness: { path: health.path }, startup: { limit: "5m" } });
}

/** Runs again after each boot, because the pod then gets a new sandbox. Same resources: they decide the class of the pod. */
function gate({ resources, security }: IngressProxy, args: NonNullable<IngressProxy["gate"]>) {
    return {
        name: "gate",
        image: args.image,
        ...commandLine(args),
        resources: resourceRequirements(resources),
        securityContext: containerSecurity(security),
    } satisfies types.input.core.v1.Container;
}
