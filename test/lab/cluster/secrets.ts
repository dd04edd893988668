import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ClusterLab } from "../clusterLab";

const FIRST = "cp1";

/** Lines of keys as they would stand in clear, also inside base64 of a kubeconfig. */
export async function secretsOf(lab: ClusterLab): Promise<string[]> {
    const keys =
        "cat /etc/kubernetes/pki/ca.key /etc/kubernetes/pki/sa.key /etc/kubernetes/pki/etcd/ca.key /etc/kubernetes/pki/front-proxy-ca.key";
    const lines = (await lab.on(FIRST, keys))
        .split("\n")
        .filter((line) => line.length > 20 && !line.startsWith("-----"));
    const encryption = await lab.on(
        FIRST,
        "awk '$1 == \"secret:\" { print $2 }' /etc/kubernetes/quorate/encryption.yaml",
    );
    const client = await lab.on(FIRST, "awk '$1 == \"client-key-data:\" { print $2 }' /etc/kubernetes/admin.conf");
    const ssh = readFileSync(path.join(lab.state, "keys/id_ed25519"), "utf8").split("\n");
    return [...lines, encryption, client, ...ssh.filter((line) => line.length > 40 && !line.startsWith("-----"))];
}

/** No secret stands in a text. */
export function assertWithout(text: string, secrets: readonly string[], where: string): void {
    for (const secret of secrets) {
        assert.ok(!text.includes(secret), `${where} holds a secret in clear, beginning with ${secret.slice(0, 4)}`);
    }
}
