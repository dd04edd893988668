import type { types } from "@pulumi/kubernetes";
import type { IngressProxy } from "./ingressArgs";

type Metadata = { readonly name: string } & types.input.meta.v1.ObjectMeta;

/**
 * A policy of the API server itself, so that no webhook has to live, and its binding to all namespaces; nothing when there
 * are no rules. When it cannot decide, it refuses.
 */
export function admissionObjects({ admission, ingressClass }: IngressProxy, metadata: Metadata) {
    if (admission.length === 0) return undefined;
    const named = { ...metadata, name: `${metadata.name}-ingresses` };
    return {
        policy: {
            metadata: named,
            spec: {
                failurePolicy: "Fail",
                matchConstraints: {
                    resourceRules: [
                        {
                            apiGroups: ["networking.k8s.io"],
                            apiVersions: ["v1"],
                            operations: ["CREATE", "UPDATE"],
                            resources: ["ingresses"],
                        },
                    ],
                },
                matchConditions: [...servedBy(ingressClass.name), STAYS],
                variables: [
                    {
                        name: "annotations",
                        expression: annotationsOf("object"),
                    },
                ],
                validations: admission.map((rule) => ({ ...rule, reason: "Forbidden" })),
            },
        } satisfies types.input.admissionregistration.v1.ValidatingAdmissionPolicy,
        binding: {
            metadata: named,
            spec: { policyName: named.name, validationActions: ["Deny"] },
        } satisfies types.input.admissionregistration.v1.ValidatingAdmissionPolicyBinding,
    };
}

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";

/** An Ingress of this class or of none is served, by its field and by the annotation that was there before it. */
function servedBy(className: string) {
    const classes = `['', '${className}']`;
    return [
        {
            name: "class-is-served",
            expression: `!has(object.spec.ingressClassName) || object.spec.ingressClassName in ${classes}`,
        },
        {
            name: "class-annotation-is-served",
            expression: `!has(object.metadata.annotations) || !('${CLASS_ANNOTATION}' in object.metadata.annotations) || object.metadata.annotations['${CLASS_ANNOTATION}'] in ${classes}`,
        },
    ];
}

function annotationsOf(variable: "object" | "oldObject"): string {
    return `has(${variable}.metadata.annotations) ? ${variable}.metadata.annotations : {}`;
}

/**
 * One that is older than the rules must be able to go: the last of its finalizers is taken off by an update. It is served
 * until then, so an update that changes more of it than that is looked at.
 */
const STAYS = {
    name: "stays",
    expression: `!(${[
        "has(object.metadata.deletionTimestamp)",
        "oldObject != null",
        "object.spec == oldObject.spec",
        `(${annotationsOf("object")}) == (${annotationsOf("oldObject")})`,
    ].join(" && ")})`,
};
