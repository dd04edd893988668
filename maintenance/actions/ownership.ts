import type { HostTraces } from "../ports/hostTraces";
import type { LeavingHost, RequestingCluster } from "./leaveRequest";

/**
 * Whose a host is. `ours`: it carries the mark of this cluster. `clean`: nobody's, and nothing is on it. `unproved`: only its
 * CA or its servers can tell, because the request is of a time without marks.
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
    // Another id is another cluster, however alike the rest is: two clusters may well have one name (TRAPS 71).
    if (mark.founding !== "" && mark.founding === cluster.foundingId) return { kind: "ours" };
    return { kind: "foreign", what: `${what}, founded as ${mark.founding || "(no id)"} and not as this one` };
}

/** Why a marked host stays, and how a stack that an earlier version made comes to know marks. */
const TOO_OLD = "which the stack does not know before a pulumi up that ends";

/** The same when only the proof can tell. */
export function proved(host: LeavingHost, traces: HostTraces, claim: Ownership, proof: Proof): Ownership {
    if (claim.kind !== "unproved") return claim;
    if (host.role === "load-balancer") {
        // A mark that the request does not know may be a later cluster's, which has its servers at the same addresses.
        if (traces.mark !== undefined && proof.caHash === "")
            return { kind: "foreign", what: `${claim.what}, ${TOO_OLD}` };
        const addresses = proof.controlPlanes.map(({ address }) => address);
        if (traces.servers.some((server) => addresses.includes(server))) return { kind: "ours" };
        return { kind: "foreign", what: `${claim.what}, and its HAProxy knows no control plane of this cluster` };
    }
    const isJoined = traces.joinedAs.includes(host.role);
    if (proof.caHash !== "" && traces.caHash === proof.caHash && isJoined) return { kind: "ours" };
    return { kind: "foreign", what: `${claim.what}, and ${whyNot(host, traces, proof)}` };
}

function whyNot({ role }: LeavingHost, traces: HostTraces, { caHash }: Proof): string {
    if (caHash === "") return "no control plane could tell this cluster's CA";
    return traces.caHash === caHash ? `quorate has not made it a ${role}` : "its CA is not this cluster's";
}

/** The CA of a control plane, for requests without identity; empty unless quorate has founded or joined it. */
export function provenCaHash({ joinedAs, caHash }: HostTraces): string {
    return joinedAs.includes("control-plane") ? caHash : "";
}

/**
 * The CA that more than half of the control planes have, for requests without identity. A single one of several that answers
 * proves nothing: it may be somebody else's, offered by mistake. Nor do those with a mark: a later cluster may have taken them all.
 */
export function agreedCaHash(controlPlanes: readonly (HostTraces | undefined)[]): string {
    const unmarked = controlPlanes.filter((traces) => traces?.mark === undefined);
    const hashes = unmarked.map((traces) => (traces ? provenCaHash(traces) : "")).filter((hash) => hash !== "");
    const count = (hash: string) => hashes.filter((other) => other === hash).length;
    return hashes.find((hash) => count(hash) * 2 > controlPlanes.length) ?? "";
}

/** For a warning. */
export function untouched(host: LeavingHost, what: string): string {
    return `${host.name} (${host.address}) is not this cluster's: ${what}; nothing was done on it`;
}
