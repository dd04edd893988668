import { readFileSync } from "node:fs";
import path from "node:path";
import { findHost } from "../../../lab/topology";
import type { ClusterLab } from "../clusterLab";

/** Name, address and pinned key of a lab host, as configuration has them. */
export function hostEntry(lab: ClusterLab, name: string): { name: string; address: string; hostKey: string } {
    const [type, base64] = readFileSync(path.join(lab.state, `keys/host_${name}.pub`), "utf8").split(" ");
    return { name, address: findHost(name).address, hostKey: `${type} ${base64}` };
}
