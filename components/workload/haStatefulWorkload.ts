import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type HaStatefulWorkloadArgs, parseStatefulWorkload } from "./statefulArgs";
import { statefulObjects } from "./statefulObjects";

export type { HaStatefulWorkloadArgs };

/**
 * A workload that keeps data in volumes, with the same care as {@link HaWorkload}; a drain moves its pods before all others
 * (TRAPS 37). Volumes outlive it. Kubernetes never changes a StatefulSet's volumes: with the option `protect`, a change of
 * them is refused instead of replacing all pods at once.
 * @throws ConfigError with every problem of the arguments at once, before anything is created
 */
export class HaStatefulWorkload extends pulumi.ComponentResource {
    readonly statefulSetName: pulumi.Output<string>;
    /** The Service for clients. */
    readonly serviceName: pulumi.Output<string>;
    /** The Service that gives each pod a DNS name. */
    readonly peerServiceName: pulumi.Output<string>;
    /** Done when all replicas are ready. */
    readonly ready: pulumi.Resource;

    constructor(name: string, args: HaStatefulWorkloadArgs, options?: pulumi.ComponentResourceOptions) {
        const objects = statefulObjects(parseStatefulWorkload(name, args));
        super("quorate:index:HaStatefulWorkload", name, {}, options);
        const below = { parent: this };
        const peers = new kubernetes.core.v1.Service(`${name}-peers`, objects.peers, below);
        // The API refuses pods whose account or class is not there yet, and tries again ever more slowly.
        const needed = [
            new kubernetes.core.v1.ServiceAccount(`${name}-account`, objects.serviceAccount, below),
            new kubernetes.policy.v1.PodDisruptionBudget(`${name}-budget`, objects.budget, below),
            ...(objects.priorityClass === undefined
                ? []
                : [new kubernetes.scheduling.v1.PriorityClass(`${name}-priority`, objects.priorityClass, below)]),
        ];
        const statefulSet = new kubernetes.apps.v1.StatefulSet(`${name}-set`, objects.statefulSet, {
            ...below,
            dependsOn: needed,
        });
        const service = new kubernetes.core.v1.Service(`${name}-service`, objects.service, below);
        this.statefulSetName = statefulSet.metadata.name;
        this.serviceName = service.metadata.name;
        this.peerServiceName = peers.metadata.name;
        this.ready = statefulSet;
        this.registerOutputs({
            statefulSetName: this.statefulSetName,
            serviceName: this.serviceName,
            peerServiceName: this.peerServiceName,
        });
    }
}
