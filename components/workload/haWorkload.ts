import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type HaWorkloadArgs, parseWorkload } from "./workloadArgs";
import { workloadObjects } from "./workloadObjects";

export type { HaWorkloadArgs };

/**
 * A web application that can be moved without dropping a request: replicas on different nodes, a budget that lets drains take
 * them one after the other, a pause before each stops, and probes that tell the truth (TRAPS 31, 32, 65).
 * @throws ConfigError with every problem of the arguments at once, before anything is created
 */
export class HaWorkload extends pulumi.ComponentResource {
    readonly deploymentName: pulumi.Output<string>;
    readonly serviceName: pulumi.Output<string>;
    /** Done when all replicas are available. */
    readonly ready: pulumi.Resource;

    constructor(name: string, args: HaWorkloadArgs, options?: pulumi.ComponentResourceOptions) {
        const objects = workloadObjects(parseWorkload(name, args));
        super("quorate:index:HaWorkload", name, {}, options);
        const below = { parent: this };
        // The API refuses pods whose account or class is not there yet, and tries again ever more slowly.
        const needed = [
            new kubernetes.core.v1.ServiceAccount(`${name}-account`, objects.serviceAccount, below),
            new kubernetes.policy.v1.PodDisruptionBudget(`${name}-budget`, objects.budget, below),
            ...(objects.priorityClass === undefined
                ? []
                : [new kubernetes.scheduling.v1.PriorityClass(`${name}-priority`, objects.priorityClass, below)]),
        ];
        const deployment = new kubernetes.apps.v1.Deployment(`${name}-deployment`, objects.deployment, {
            ...below,
            dependsOn: needed,
        });
        const service = new kubernetes.core.v1.Service(`${name}-service`, objects.service, below);
        if (objects.autoscaler !== undefined) {
            new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(`${name}-autoscaler`, objects.autoscaler, below);
        }
        if (objects.ingress !== undefined) {
            new kubernetes.networking.v1.Ingress(`${name}-ingress`, objects.ingress, below);
        }
        this.deploymentName = deployment.metadata.name;
        this.serviceName = service.metadata.name;
        this.ready = deployment;
        this.registerOutputs({ deploymentName: this.deploymentName, serviceName: this.serviceName });
    }
}
