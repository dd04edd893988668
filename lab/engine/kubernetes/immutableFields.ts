import { isObject } from "../protocol/values";
import { KubernetesObject } from "./kubernetesObject";
import { ProviderSettings } from "./providerSettings";

/** Fields by group and kind whose change needs a new object: the API server would refuse an update. */
const immutable: Readonly<Record<string, readonly string[]>> = {
    "apps/Deployment": ["spec.selector"],
    "apps/DaemonSet": ["spec.selector"],
    "apps/StatefulSet": [
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ],
    "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
    "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
    "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
    "/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
    "/PersistentVolume": ["spec.hostPath", "spec.local", "spec.nfs", "spec.csi", "spec.iscsi", "spec.fc"],
    "/Pod": ["spec"],
    "/ResourceQuota": ["spec.scopes"],
    "/Service": ["spec.clusterIP"],
};

const identity = ["metadata.name", "metadata.namespace"];

/** ConfigMaps and Secrets are replaced on a change, unless the provider says that they may change in place. */
function contentFields(object: KubernetesObject, settings: ProviderSettings): readonly string[] {
    const fixed = object["immutable"] === true;
    if (object.apiVersion !== "v1") return [];
    if (object.kind === "ConfigMap") return settings.enableConfigMapMutable && !fixed ? [] : ["binaryData", "data"];
    if (object.kind !== "Secret") return [];
    return settings.enableSecretMutable && !fixed ? ["type"] : ["type", "stringData", "data"];
}

/** True for a path whose change needs a replacement. */
export function needsReplacement(object: KubernetesObject, settings: ProviderSettings): (path: string) => boolean {
    const group = object.apiVersion.includes("/") ? object.apiVersion.split("/")[0] : "";
    const own = immutable[`${group}/${object.kind}`] ?? [];
    const fields = [...identity, ...own, ...contentFields(object, settings)];
    return (path) =>
        fields.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
}

/** True for an object that has been named by the plugin or has a name of its own that is known. */
export function hasName(object: KubernetesObject): boolean {
    return isObject(object.metadata) && typeof object.metadata.name === "string" && object.metadata.name !== "";
}
