import { createHash } from "node:crypto";
import type { HostConfig } from "../../model/clusterConfig";
import type { ClusterInventory } from "../../model/inventory";

/**
 * What was recorded about a cluster that was formed; undefined while there is none. An `up --target` on a new stack records
 * hosts, too, but no CA.
 */
export function formedCluster(recorded: ClusterInventory | undefined): ClusterInventory | undefined {
    return recorded?.caHash ? recorded : undefined;
}

/** Whether this very machine is the cluster's since an `up` that finished: another host key is another machine. */
export function isRecordedMachine(recorded: ClusterInventory | undefined, host: HostConfig): boolean {
    const before = recorded?.hosts.find(({ name }) => name === host.name);
    return before?.address === host.address && keyOf(before.ssh.hostKey) === keyOf(host.hostKey);
}

/**
 * Stands for the machines behind hosts: another one when a host was installed anew, and so has another key. A step that has
 * it among its settings runs again then, also when nothing else has changed.
 */
export function machines(hosts: readonly HostConfig[]): string {
    const keys = hosts.map(({ name, hostKey }) => `${name} ${keyOf(hostKey)}`);
    return createHash("sha256").update(keys.join("\n")).digest("hex").slice(0, 16);
}

/** Type and key; a comment behind them says nothing about the machine. */
function keyOf(line: string): string {
    return line.split(" ", 2).join(" ");
}
