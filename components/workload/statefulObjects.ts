import type { types } from "@pulumi/kubernetes";
import { DRAIN_LABEL, STORAGE_FIRST } from "../../model/drainLabel";
import { DEFAULT_REPLICAS, disruptionBudget } from "./disruptionBudget";
import { metadataOf, selectorOf } from "./labels";
import { serviceAccount } from "./podTemplate";
import { clientService, servicePorts } from "./ports";
import { ownPriorityClass } from "./priority";
import { replicatedPod } from "./replicated";
import type { StatefulWorkload } from "./statefulArgs";

/** All objects of a stateful workload as Kubernetes gets them; undefined for those that it did not ask for. */
export function statefulObjects(args: StatefulWorkload) {
    return {
        serviceAccount: serviceAccount(args, { token: args.apiToken }),
        priorityClass: ownPriorityClass(args),
        budget: disruptionBudget(args),
        peers: peers(args),
        service: clientService(args),
        statefulSet: statefulSet(args),
    };
}

const peersName = (name: string) => `${name}-peers`;

/** DNS names of the single pods, for each other. Also of those not ready yet: many must find each other to become ready. */
function peers(args: StatefulWorkload) {
    return {
        metadata: { ...metadataOf(args), name: peersName(args.name) },
        spec: {
            clusterIP: "None",
            publishNotReadyAddresses: true,
            selector: selectorOf(args.name),
            ports: servicePorts(args.ports),
        },
    } satisfies types.input.core.v1.Service;
}

/** No revision labels: pods are bound to the nodes of their volumes, whichever revision they have. */
function statefulSet(args: StatefulWorkload) {
    return {
        metadata: metadataOf(args),
        spec: {
            replicas: args.replicas ?? DEFAULT_REPLICAS,
            serviceName: peersName(args.name),
            podManagementPolicy: args.podManagement,
            updateStrategy: { type: "RollingUpdate" },
            minReadySeconds: args.minReady.wholeSeconds,
            persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
            selector: { matchLabels: selectorOf(args.name) },
            template: replicatedPod(args, {
                revisionLabels: [],
                labels: { [DRAIN_LABEL]: STORAGE_FIRST },
                volumeMounts: args.volumes.map(({ name, mountPath }) => ({ name, mountPath })),
            }),
            volumeClaimTemplates: args.volumes.map(claimTemplate),
        },
    } satisfies types.input.apps.v1.StatefulSet;
}

function claimTemplate({ name, size, storageClass, accessMode }: StatefulWorkload["volumes"][number]) {
    return {
        metadata: { name },
        spec: {
            accessModes: [accessMode],
            ...(storageClass !== undefined && { storageClassName: storageClass }),
            resources: { requests: { storage: size } },
        },
    };
}
