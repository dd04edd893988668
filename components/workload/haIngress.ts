import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type HaIngressArgs, parseIngressProxy } from "./ingressArgs";
import { ingressObjects } from "./ingressObjects";

export type { HaIngressArgs };

/**
 * An ingress proxy on every ingress node, behind the load balancers. A proxy that goes away fails their checks before it stops
 * accepting, one node at a time, and one that comes starts only when its node's pod network works (TRAPS 63, 64).
 * @throws ConfigError with every problem of the arguments at once, before anything is created
 */
export class HaIngress extends pulumi.ComponentResource {
    readonly daemonSetName: pulumi.Output<string>;
    /** What Ingresses name to be served by it. */
    readonly ingressClassName: pulumi.Output<string>;
    /** Done when the proxy is ready on every ingress node. */
    readonly ready: pulumi.Resource;

    constructor(name: string, args: HaIngressArgs, options?: pulumi.ComponentResourceOptions) {
        const objects = ingressObjects(parseIngressProxy(name, args));
        super("quorate:index:HaIngress", name, {}, options);
        const below = { parent: this };
        const account = new kubernetes.core.v1.ServiceAccount(`${name}-account`, objects.serviceAccount, below);
        const role = new kubernetes.rbac.v1.ClusterRole(`${name}-role`, objects.role, below);
        const binding = new kubernetes.rbac.v1.ClusterRoleBinding(`${name}-binding`, objects.binding, {
            ...below,
            dependsOn: [account, role],
        });
        const ingressClass = new kubernetes.networking.v1.IngressClass(`${name}-class`, objects.ingressClass, below);
        const admission = admissionPolicy(name, objects.admission, below);
        const daemonSet = new kubernetes.apps.v1.DaemonSet(`${name}-proxy`, objects.daemonSet, {
            ...below,
            dependsOn: [account, binding, ingressClass, ...admission],
        });
        this.daemonSetName = daemonSet.metadata.name;
        this.ingressClassName = ingressClass.metadata.name;
        this.ready = daemonSet;
        this.registerOutputs({ daemonSetName: this.daemonSetName, ingressClassName: this.ingressClassName });
    }
}

/** In force before the proxy serves its first Ingress. */
function admissionPolicy(
    name: string,
    objects: ReturnType<typeof ingressObjects>["admission"],
    below: pulumi.ComponentResourceOptions,
): readonly pulumi.Resource[] {
    if (objects === undefined) return [];
    const { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } = kubernetes.admissionregistration.v1;
    const policy = new ValidatingAdmissionPolicy(`${name}-admission`, objects.policy, below);
    const binding = new ValidatingAdmissionPolicyBinding(`${name}-admission-binding`, objects.binding, {
        ...below,
        dependsOn: [policy],
    });
    return [binding];
}
