import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { imageReference } from "../../../lab/artifacts/imageCatalogue";
import type { ClusterLab } from "../clusterLab";

/** A pod that does nothing, on one node. */
export interface IdlePod {
    readonly name: string;
    readonly node: string;
    /** Memory that is kept for it. */
    readonly bytes?: number;
    /** Keeps its name when its program has ended, until somebody takes the finalizer away. */
    readonly finalizer?: string;
    /** Its program takes ten minutes to end. */
    readonly slow?: true;
}

const LABEL = { "quorate.test/idle": "true" };

/** For `kubectl` selectors and budgets: all idle pods. */
export const IDLE = "quorate.test/idle=true";

/** Starts idle pods, control planes included, and waits until they are ready. */
export async function startIdle(lab: ClusterLab, pods: readonly IdlePod[]): Promise<void> {
    const file = path.join(lab.state, "idle.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: pods.map(manifest) }));
    await kubectlOk(lab, "apply", "-f", file);
    await kubectlOk(lab, "wait", "--for=condition=Ready", "pod", "--selector", IDLE, "--timeout=120s");
}

/** Takes them and all budgets over them away, whatever holds them. */
export async function removeIdle(lab: ClusterLab): Promise<void> {
    await kubectlOk(lab, "delete", "pdb", "--selector", IDLE);
    const names = await kubectlOk(lab, "get", "pods", "--selector", IDLE, "-o", "name");
    const free = ["--type=merge", "--patch", JSON.stringify({ metadata: { finalizers: null } })];
    for (const name of names.split("\n").filter(Boolean)) await kubectlOk(lab, "patch", name, ...free);
    await kubectlOk(lab, "delete", "pods", "--selector", IDLE, "--force", "--grace-period=0", "--timeout=60s");
}

/** A budget that lets no idle pod go, as a file for `kubectl apply`. */
export function blockingBudget(lab: ClusterLab, minAvailable: number): string {
    const file = path.join(lab.state, "budget.json");
    const metadata = { name: "idle", namespace: "default", labels: LABEL };
    const spec = { minAvailable, selector: { matchLabels: LABEL } };
    writeFileSync(file, JSON.stringify({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec }));
    return file;
}

/** What `kubectl` prints. Its own waits may be long, so requests have no bound. */
export async function kubectlOk(lab: ClusterLab, ...words: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await lab.program("kubectl", ...words);
    assert.equal(status, 0, `kubectl ${words.join(" ")}: ${stderr}`);
    return stdout;
}

const SLOW_SECONDS = 600;

function manifest({ name, node, bytes, finalizer, slow }: IdlePod) {
    const requests = bytes === undefined ? {} : { resources: { requests: { memory: String(bytes) } } };
    const lifecycle = slow ? { lifecycle: { preStop: { sleep: { seconds: SLOW_SECONDS } } } } : {};
    return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
            name,
            namespace: "default",
            labels: LABEL,
            ...(finalizer === undefined ? {} : { finalizers: [finalizer] }),
        },
        spec: {
            nodeSelector: { "kubernetes.io/hostname": node },
            tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }],
            terminationGracePeriodSeconds: slow ? SLOW_SECONDS : 1,
            containers: [
                { name: "idle", image: imageReference("agnhost"), args: ["pause"], ...requests, ...lifecycle },
            ],
        },
    };
}
