import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { imageReference } from "../../../lab/artifacts/imageCatalogue";
import type { ClusterLab } from "../clusterLab";
import { kubectlOk } from "./pods";
import { bootIds, nothingLeft } from "./traces";

const FIRST_POD = ["get", "pod", "keeper-0", "-o", "jsonpath={.metadata.uid} {.spec.nodeName}"];

export function emptied(lab: ClusterLab): void {
    it("lets a StatefulSet's pod go, which keeps its name, and does not chase one that comes back", async () => {
        const made = path.join(lab.state, "emptied.json");
        const write = (items: readonly object[]) =>
            writeFileSync(made, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
        try {
            write(keeper());
            await kubectlOk(lab, "apply", "-f", made);
            await kubectlOk(lab, "rollout", "status", "statefulset/keeper", "--timeout=120s");
            const [uid = "", host = ""] = (await kubectlOk(lab, ...FIRST_POD)).split(" ");
            write([...keeper(), homing(host)]);
            await kubectlOk(lab, "apply", "-f", made);
            await kubectlOk(lab, "rollout", "status", "deployment/homing", "--timeout=120s");
            const before = await bootIds(lab, [host]);
            const { status, stderr } = await lab.quorate("reboot", "--host", host, "--no-probe");
            assert.equal(status, 0, stderr);
            assert.notEqual((await bootIds(lab, [host])).get(host), before.get(host));
            const [newUid, newHost] = (await kubectlOk(lab, ...FIRST_POD)).split(" ");
            assert.notEqual(newUid, uid);
            assert.notEqual(newHost, host);
            await nothingLeft(lab);
        } finally {
            await kubectlOk(lab, "delete", "-f", made, "--ignore-not-found", "--timeout=60s");
        }
    });
}

/** As HaStatefulWorkload makes it: its headless service names pods that are not ready, too. */
function keeper(): readonly object[] {
    const metadata = { name: "keeper", namespace: "default" };
    const selector = { matchLabels: { app: "keeper" } };
    const service = { clusterIP: "None", publishNotReadyAddresses: true, selector: selector.matchLabels };
    return [
        { apiVersion: "v1", kind: "Service", metadata, spec: { ...service, ports: [{ port: 80 }] } },
        { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec: { maxUnavailable: 1, selector } },
        {
            apiVersion: "apps/v1",
            kind: "StatefulSet",
            metadata,
            spec: { replicas: 2, serviceName: "keeper", selector, template: pausing("keeper", {}) },
        },
    ];
}

/** A pod for one host, cordoned or not: it is back as soon as it is evicted. */
function homing(host: string): object {
    const placed = { nodeSelector: { "kubernetes.io/hostname": host }, tolerations: [{ operator: "Exists" }] };
    return {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "homing", namespace: "default" },
        spec: { selector: { matchLabels: { app: "homing" } }, template: pausing("homing", placed) },
    };
}

function pausing(app: string, placed: object) {
    const containers = [{ name: app, image: imageReference("agnhost"), args: ["pause"] }];
    return { metadata: { labels: { app } }, spec: { terminationGracePeriodSeconds: 1, containers, ...placed } };
}
