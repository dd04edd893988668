import { readFileSync } from "node:fs";
import path from "node:path";
import { findHost } from "../../../lab/topology";
import type { ClusterConfigInput } from "../../../model/clusterConfig";
import type { ClusterLab } from "../clusterLab";

/** Name, address and pinned key of a lab host, as configuration has them. */
export function hostEntry(lab: ClusterLab, name: string): { name: string; address: string; hostKey: string } {
    const [type, base64] = readFileSync(path.join(lab.state, `keys/host_${name}.pub`), "utf8").split(" ");
    return { name, address: findHost(name).address, hostKey: `${type} ${base64}` };
}

type HostInput = ClusterConfigInput["hosts"][number];

const ROLES = { loadBalancer: "load-balancer", controlPlane: "control-plane", worker: "worker" } as const;

/** A whole entry of a lab host in a configuration, in its ordinary role. */
export function hostInput(lab: ClusterLab, name: string): HostInput {
    const { role } = findHost(name);
    if (role === "bastion") throw new Error(`${name} is a bastion; no cluster has one as its host`);
    return { ...hostEntry(lab, name), role: ROLES[role] };
}

/** Edits the configuration: one host in another's place. The same name twice gives the host the key that it has now. */
export function replaceHost(lab: ClusterLab, gone: string, come: string): void {
    const entry = hostEntry(lab, come);
    lab.configure((cluster) => ({
        ...cluster,
        hosts: cluster.hosts.map((host): HostInput => (host.name === gone ? { ...host, ...entry } : host)),
    }));
}

/** Edits the configuration: more hosts. */
export function addHosts(lab: ClusterLab, names: readonly string[]): void {
    const more = names.map((name) => hostInput(lab, name));
    lab.configure((cluster) => ({ ...cluster, hosts: [...cluster.hosts, ...more] }));
}

/** Edits the configuration: fewer hosts. */
export function removeHosts(lab: ClusterLab, names: readonly string[]): void {
    const stays = (host: HostInput) => !names.includes(host.name);
    lab.configure((cluster) => ({ ...cluster, hosts: cluster.hosts.filter(stays) }));
}
