import type { HostTraces } from "../ports/hostTraces";
import type { LeavingHost, RequestingCluster } from "./leaveRequest";

/**
 * Whose a host is. `ours`: it carries the mark of this cluster. `clean`: nobody's, and nothing is on it. `unproved`: only its
 * CA or its servers can tell, because the request, or the host's mark, is of another time.
 */
export type Ownership =
    | { readonly kind: "ours" | "clean" }
    | { readonly kind: "foreign" | "unproved"; /** What was found, for people. */ readonly what: string };

/** What proves a host to be the cluster's beside its mark. */
export interface Proof {
    /** Hash of the cluster's CA; empty when nobody could tell it. */
    readonly caHash: string;
    /** The cluster's control planes, to which its balancers send. */
    readonly controlPlanes: readonly LeavingHost[];
}

/** @param cluster undefined in requests that an earlier version wrote, which knew no marks */
export function ownership(host: LeavingHost, traces: HostTraces, cluster: RequestingCluster | undefined): Ownership {
    const { mark, found } = traces;
    if (mark === undefined) {
        if (found.length === 0) return { kind: "clean" };
        const what = `${found.join(", ")} ${found.length === 1 ? "is" : "are"} there`;
        return cluster === undefined
            ? { kind: "unproved", what }
            : { kind: "foreign", what: `${what}, without the mark of cluster ${cluster.name}` };
    }
    const what = `it carries the mark of cluster ${mark.cluster || "(no name)"}, host ${mark.host || "(no name)"}`;
    if (mark.host !== host.name || (cluster !== undefined && mark.cluster !== cluster.name))
        return { kind: "foreign", what };
    if (cluster === undefined) return { kind: "unproved", what };
    if (mark.founding === cluster.foundingId) return { kind: "ours" };
    return { kind: "unproved", what: `${what}, founded as ${mark.founding || "(no id)"} and not as this one` };
}

/** The same when only the proof can tell. */
export function proved(host: LeavingHost, traces: HostTraces, claim: Ownership, proof: Proof): Ownership {
    if (claim.kind !== "unproved") return claim;
    if (host.role === "load-balancer") {
        const addresses = proof.controlPlanes.map(({ address }) => address);
        if (traces.servers.some((server) => addresses.includes(server))) return { kind: "ours" };
        return { kind: "foreign", what: `${claim.what}, and its HAProxy knows no control plane of this cluster` };
    }
    if (proof.caHash !== "" && traces.caHash === proof.caHash) return { kind: "ours" };
    const why = proof.caHash === "" ? "no control plane could tell this cluster's CA" : "its CA is not this cluster's";
    return { kind: "foreign", what: `${claim.what}, and ${why}` };
}

/**
 * The CA that more than half of the control planes have. A single one that answers proves nothing: it may be somebody
 * else's, offered by mistake.
 */
export function agreedCaHash(controlPlanes: readonly (HostTraces | undefined)[]): string {
    const hashes = controlPlanes.map((traces) => traces?.caHash ?? "").filter((hash) => hash !== "");
    const count = (hash: string) => hashes.filter((other) => other === hash).length;
    return hashes.find((hash) => count(hash) * 2 > controlPlanes.length) ?? "";
}

/** For a warning. */
export function untouched(host: LeavingHost, what: string): string {
    return `${host.name} (${host.address}) is not this cluster's: ${what}; nothing was done on it`;
}
