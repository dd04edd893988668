import { z } from "zod";
import { Duration } from "../../model/duration";
import type { LeaseFacts } from "./kubernetes";
import { shellQuote } from "../../steps/shellQuote";
import { execOk, tail, type Remote, type RemoteHost } from "./remote";

/** A node as far as leaving is concerned. */
export interface NodeState {
    readonly cordoned: boolean;
    /** True when an earlier run of ours has cordoned it and could not finish (TRAPS 36). */
    readonly cordonedByUs: boolean;
}

/** How a drain ended. `output` is kubectl's, with the pods that stood in the way. */
export type DrainResult = { readonly drained: true } | { readonly drained: false; readonly output: string };

export interface PodRef {
    readonly namespace: string;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
}

export interface BudgetRef {
    readonly namespace: string;
    readonly name: string;
    readonly selector: LabelSelector;
    readonly disruptionsAllowed: number;
    readonly currentHealthy: number;
    readonly desiredHealthy: number;
}

export type LabelSelector = z.output<typeof selectorSchema>;

/** kubectl on a control plane, with its admin credentials, against its own API server. */
export interface ClusterAdmin {
    /** @throws when this control plane's API server is not ready */
    assertServing(on: RemoteHost): Promise<void>;
    node(on: RemoteHost, name: string): Promise<NodeState | undefined>;
    /** Cordons and leaves a note that it was us. */
    cordon(on: RemoteHost, name: string): Promise<void>;
    uncordon(on: RemoteHost, name: string): Promise<void>;
    /** Evicts everything but DaemonSet and static pods; budgets are respected, blocked evictions retried until the time is over. */
    drain(on: RemoteHost, name: string, timeout: Duration): Promise<DrainResult>;
    /** A node already gone is success. */
    deleteNode(on: RemoteHost, name: string): Promise<void>;
    podsOn(on: RemoteHost, node: string): Promise<PodRef[]>;
    budgets(on: RemoteHost): Promise<BudgetRef[]>;
    /** Who leads among schedulers and among controller managers. */
    leases(on: RemoteHost): Promise<LeaseFacts[]>;
}

/** Remembers on the node that quorate has cordoned it. */
const CORDON_NOTE = "quorate/cordoned-by";
const TIMEOUT = Duration.seconds(15);
/** kubectl ends by itself at its time-out; this is for hosts that hang. */
const DRAIN_MARGIN = Duration.seconds(30);

/** A pod this long past the end of its grace is not waited for: its kubelet is dead, and the host goes anyway. */
const STUCK_SECONDS = 60;

const selectorSchema = z.object({
    matchLabels: z.record(z.string(), z.string()).default({}),
    matchExpressions: z
        .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
        .default([]),
});

const nodeSchema = z.object({
    metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
    spec: z.object({ unschedulable: z.boolean().default(false) }).prefault({}),
});

const podsSchema = z.object({
    items: z.array(
        z.object({
            metadata: z.object({
                namespace: z.string(),
                name: z.string(),
                labels: z.record(z.string(), z.string()).default({}),
            }),
        }),
    ),
});

const budgetsSchema = z.object({
    items: z.array(
        z.object({
            metadata: z.object({ namespace: z.string(), name: z.string() }),
            spec: z.object({ selector: selectorSchema.prefault({}) }),
            status: z
                .object({
                    disruptionsAllowed: z.number().default(0),
                    currentHealthy: z.number().default(0),
                    desiredHealthy: z.number().default(0),
                })
                .prefault({}),
        }),
    ),
});

const leasesSchema = z.object({
    items: z.array(
        z.object({
            metadata: z.object({ name: z.string() }),
            spec: z.object({
                holderIdentity: z.string().default(""),
                renewTime: z.coerce.date().optional(),
                leaseDurationSeconds: z.number().default(0),
            }),
        }),
    ),
});

/** kubectl over SSH. */
export function openClusterAdmin(remote: Remote): ClusterAdmin {
    const run = (on: RemoteHost, args: string, what: string) =>
        execOk(remote, on, kubectl(on, `--request-timeout=10s ${args}`), { timeout: TIMEOUT, what });
    const read = async <T extends z.ZodType>(schema: T, on: RemoteHost, args: string): Promise<z.output<T>> =>
        schema.parse(JSON.parse(await run(on, `${args} -o json`, `kubectl ${args}`)));
    return {
        async assertServing(on) {
            await run(on, "get --raw=/readyz", "asking its API server for /readyz");
        },
        async node(on, name) {
            const text = await run(
                on,
                `get node ${shellQuote(name)} --ignore-not-found -o json`,
                `kubectl get node ${name}`,
            );
            if (text.trim() === "") return undefined;
            const { metadata, spec } = nodeSchema.parse(JSON.parse(text));
            return { cordoned: spec.unschedulable, cordonedByUs: CORDON_NOTE in metadata.annotations };
        },
        async cordon(on, name) {
            await run(
                on,
                `annotate --overwrite node ${shellQuote(name)} ${CORDON_NOTE}=leave`,
                `kubectl annotate node ${name}`,
            );
            await run(on, `cordon ${shellQuote(name)}`, `kubectl cordon ${name}`);
        },
        async uncordon(on, name) {
            await run(on, `uncordon ${shellQuote(name)}`, `kubectl uncordon ${name}`);
            await run(on, `annotate node ${shellQuote(name)} ${CORDON_NOTE}-`, `kubectl annotate node ${name}`);
        },
        drain: (on, name, timeout) => drain(remote, on, name, timeout),
        async deleteNode(on, name) {
            await run(
                on,
                `delete node ${shellQuote(name)} --ignore-not-found --wait=false`,
                `kubectl delete node ${name}`,
            );
        },
        async podsOn(on, node) {
            const args = `get pods --all-namespaces --field-selector=spec.nodeName=${shellQuote(node)}`;
            return (await read(podsSchema, on, args)).items.map(({ metadata }) => metadata);
        },
        async budgets(on) {
            const { items } = await read(budgetsSchema, on, "get poddisruptionbudgets --all-namespaces");
            return items.map(({ metadata, spec, status }) => ({ ...metadata, ...spec, ...status }));
        },
        async leases(on) {
            const args = "get leases kube-scheduler kube-controller-manager --namespace=kube-system";
            return (await read(leasesSchema, on, args)).items.map(({ metadata: { name }, spec }) => ({
                name,
                holder: spec.holderIdentity,
                renewedAt: spec.renewTime,
                durationSeconds: spec.leaseDurationSeconds,
            }));
        },
    };
}

/** The server is named because admin.conf points to the endpoint, which may be what is broken. 6443 is kubeadm's port. */
function kubectl(on: RemoteHost, args: string): string {
    return `kubectl --kubeconfig=/etc/kubernetes/admin.conf --server=https://${on.address}:6443 ${args}`;
}

async function drain(remote: Remote, on: RemoteHost, name: string, timeout: Duration): Promise<DrainResult> {
    const args = `drain ${shellQuote(name)} --ignore-daemonsets --delete-emptydir-data --skip-wait-for-delete-timeout=${STUCK_SECONDS} --timeout=${timeout}`;
    const result = await remote.exec(on, kubectl(on, args), { timeout: timeout.plus(DRAIN_MARGIN) });
    if (result.code === 0) return { drained: true };
    return { drained: false, output: tail(result.stderr, 40) };
}
