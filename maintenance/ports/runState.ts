import { CoordinationV1Api, CoreV1Api, V1MicroTime, type V1Lease } from "@kubernetes/client-node";
import type { LeaseRecord, RunLease, RunMirror } from "../workflow/runStore";
import { ApiError, CONFLICT, NOT_FOUND, orUndefined, type ApiCaller } from "./apiCaller";

/** The Lease that only one run at a time can hold. */
export const LEASE_NAME = "quorate-maintenance";
/** The ConfigMap that shows others what a run is doing. */
export const MIRROR_NAME = "quorate-run";

const namespace = "kube-system";
const MIRROR_KEY = "run";
/** A write whose answer was lost may have been done; only the caller knows what to make of that. */
const ONCE = { failOver: false };

/** The run's lock as a Lease. */
export function openRunLease(api: ApiCaller): RunLease {
    return {
        async read() {
            const lease = await orUndefined(
                api.call(CoordinationV1Api, (leases, o) =>
                    leases.readNamespacedLease({ namespace, name: LEASE_NAME }, o),
                ),
            );
            return lease === undefined ? undefined : leaseRecord(lease);
        },
        create: (record) =>
            unlessFaster(async () => {
                const body = leaseOf(record);
                const request = { namespace, body };
                return leaseRecord(
                    await api.call(CoordinationV1Api, (leases, o) => leases.createNamespacedLease(request, o), ONCE),
                );
            }),
        replace: (record) =>
            unlessFaster(async () => {
                const request = { namespace, name: LEASE_NAME, body: leaseOf(record, record.resourceVersion) };
                return leaseRecord(
                    await api.call(CoordinationV1Api, (leases, o) => leases.replaceNamespacedLease(request, o), ONCE),
                );
            }),
    };
}

/** What the run shows of itself, as a ConfigMap. */
export function openRunMirror(api: ApiCaller): RunMirror {
    const name = MIRROR_NAME;
    const body = (text: string) => ({ metadata: { namespace, name }, data: { [MIRROR_KEY]: text } });
    return {
        async read() {
            const found = await orUndefined(
                api.call(CoreV1Api, (core, o) => core.readNamespacedConfigMap({ namespace, name }, o)),
            );
            return found?.data?.[MIRROR_KEY];
        },
        async write(text) {
            const replaced = await orUndefined(
                api.call(CoreV1Api, (core, o) =>
                    core.replaceNamespacedConfigMap({ namespace, name, body: body(text) }, o),
                ),
            );
            if (replaced !== undefined) return;
            await api.call(CoreV1Api, (core, o) => core.createNamespacedConfigMap({ namespace, body: body(text) }, o));
        },
        async remove() {
            await orUndefined(api.call(CoreV1Api, (core, o) => core.deleteNamespacedConfigMap({ namespace, name }, o)));
        },
    };
}

/** Undefined when the server says that the Lease has been changed, made or taken away by another. */
async function unlessFaster(write: () => Promise<LeaseRecord>): Promise<LeaseRecord | undefined> {
    try {
        return await write();
    } catch (error) {
        if (error instanceof ApiError && (error.code === CONFLICT || error.code === NOT_FOUND)) return undefined;
        throw error;
    }
}

function leaseOf(record: Omit<LeaseRecord, "resourceVersion">, resourceVersion?: string): V1Lease {
    return {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: {
            name: LEASE_NAME,
            namespace,
            ...(resourceVersion === undefined ? {} : { resourceVersion }),
        },
        spec: {
            // The API takes "" for "no holder", as client-go's leader election writes it on release.
            holderIdentity: record.holder,
            acquireTime: new V1MicroTime(record.acquiredAt),
            renewTime: new V1MicroTime(record.renewedAt),
            leaseDurationSeconds: record.durationSeconds,
        },
    };
}

function leaseRecord({ metadata, spec }: V1Lease): LeaseRecord {
    return {
        holder: spec?.holderIdentity ?? "",
        acquiredAt: new Date(spec?.acquireTime ?? 0),
        renewedAt: new Date(spec?.renewTime ?? 0),
        durationSeconds: spec?.leaseDurationSeconds ?? 0,
        resourceVersion: metadata?.resourceVersion ?? "",
    };
}
