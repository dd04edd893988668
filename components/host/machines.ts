import { createHash } from "node:crypto";
import type { HostConfig } from "../../model/clusterConfig";

/**
 * Stands for the machines behind hosts: another one when a host was installed anew, and so has another key. A step that has
 * it among its settings runs again then, also when nothing else has changed.
 */
export function machines(hosts: readonly HostConfig[]): string {
    const keys = hosts.map(({ name, hostKey }) => `${name} ${hostKey}`);
    return createHash("sha256").update(keys.join("\n")).digest("hex").slice(0, 16);
}
