import { kubectlOk } from "../cluster/pods";
import type { ClusterLab } from "../clusterLab";
import { canonicalJson, withoutNew } from "./canonical";

/** What somebody declares; the rest is made of it by controllers. */
const KINDS = [
    ...["namespaces", "nodes", "priorityclasses", "ingressclasses", "storageclasses", "runtimeclasses"],
    ...["clusterroles", "clusterrolebindings", "roles", "rolebindings", "serviceaccounts"],
    ...["configmaps", "secrets", "services", "daemonsets", "deployments", "statefulsets", "poddisruptionbudgets"],
    ...["networkpolicies", "validatingadmissionpolicies", "validatingadmissionpolicybindings"],
    ...["customresourcedefinitions", "apiservices"],
];
/** Set by the API server, another time after time. */
const SET_BY_SERVER = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"];
/** Says how often something was rolled out, not what. */
const COUNTED = "deprecated.daemonset.template.generation";
/** Tokens end by themselves within hours; a run that was killed may have made one more. */
const TOKEN = /^bootstrap-token-/;
const TOKEN_SIGNATURE = /^jws-kubeconfig-/;

interface KubernetesObject {
    readonly kind: string;
    readonly metadata: {
        readonly name: string;
        readonly namespace?: string;
        readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly data?: Readonly<Record<string, string>>;
    readonly spec?: Readonly<Record<string, unknown>>;
}

/** A line for each object of the cluster: kind, name, and all that was declared. Of Secrets the keys only. */
export async function clusterObjects(lab: ClusterLab): Promise<string[]> {
    const json = await kubectlOk(lab, "get", KINDS.join(","), "--all-namespaces", "-o", "json");
    const { items } = JSON.parse(json) as { items: readonly KubernetesObject[] };
    return items
        .filter(({ kind, metadata }) => !(kind === "Secret" && TOKEN.test(metadata.name)))
        .map(declared)
        .sort();
}

function declared(object: KubernetesObject): string {
    const { kind, metadata } = object;
    const named = `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
    const content: Record<string, unknown> = { ...object, metadata: without(metadata, SET_BY_SERVER) };
    delete content["status"];
    content["annotations"] = without(metadata.annotations ?? {}, [COUNTED]);
    delete (content["metadata"] as Record<string, unknown>)["annotations"];
    if (kind === "Secret") content["data"] = Object.keys(object.data ?? {});
    if (kind === "ConfigMap" && object.data) content["data"] = withoutSignatures(object.data);
    if (kind === "Node") content["spec"] = without(object.spec ?? {}, ["podCIDR", "podCIDRs"]);
    return `${named} ${withoutNew(canonicalJson(content))}`;
}

function without(value: object, keys: readonly string[]): Record<string, unknown> {
    return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

function withoutSignatures(data: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(data).filter(([key]) => !TOKEN_SIGNATURE.test(key)));
}
