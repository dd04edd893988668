import type { types } from "@pulumi/kubernetes";
import { DEFAULT_REPLICAS, disruptionBudget } from "./disruptionBudget";
import { metadataOf, selectorOf } from "./labels";
import { serviceAccount } from "./podTemplate";
import { clientService } from "./ports";
import { ownPriorityClass } from "./priority";
import { replicatedPod } from "./replicated";
import type { Workload } from "./workloadArgs";

/** The label by which a ReplicaSet knows its pods, set by Kubernetes. */
const REVISION_LABEL = "pod-template-hash";

/** All objects of a workload as Kubernetes gets them; undefined for those that it did not ask for. */
export function workloadObjects(args: Workload) {
    return {
        serviceAccount: serviceAccount(args, { token: args.apiToken }),
        priorityClass: ownPriorityClass(args),
        budget: disruptionBudget(args),
        deployment: deployment(args),
        service: clientService(args),
        autoscaler: autoscaler(args),
        ingress: ingress(args),
    };
}

/** Never fewer pods than wanted during a rollout. With an autoscaler the number is not ours: it is left out. */
function deployment(args: Workload) {
    return {
        metadata: metadataOf(args),
        spec: {
            ...(args.autoscaling === undefined && { replicas: args.replicas ?? DEFAULT_REPLICAS }),
            minReadySeconds: args.minReady.wholeSeconds,
            strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
            selector: { matchLabels: selectorOf(args.name) },
            template: replicatedPod(args, { revisionLabels: [REVISION_LABEL] }),
        },
    } satisfies types.input.apps.v1.Deployment;
}

function autoscaler(args: Workload) {
    if (args.autoscaling === undefined) return undefined;
    const { min, max, cpuPercent } = args.autoscaling;
    return {
        metadata: metadataOf(args),
        spec: {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: args.name },
            minReplicas: min,
            maxReplicas: max,
            metrics: [
                {
                    type: "Resource",
                    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuPercent } },
                },
            ],
        },
    } satisfies types.input.autoscaling.v2.HorizontalPodAutoscaler;
}

function ingress(args: Workload) {
    if (args.ingress === undefined) return undefined;
    const { host, path, className, port, tlsSecret, annotations, awaitAddress } = args.ingress;
    const metadata = metadataOf(args);
    const backend = { service: { name: args.name, port: { name: port ?? args.ports[0]?.name ?? "" } } };
    return {
        metadata: {
            ...metadata,
            annotations: {
                ...metadata.annotations,
                ...annotations,
                ...(!awaitAddress && { "pulumi.com/skipAwait": "true" }),
            },
        },
        spec: {
            ...(className !== undefined && { ingressClassName: className }),
            ...(tlsSecret !== undefined && { tls: [{ hosts: [host], secretName: tlsSecret }] }),
            rules: [{ host, http: { paths: [{ path, pathType: "Prefix", backend }] } }],
        },
    } satisfies types.input.networking.v1.Ingress;
}
