import { apiServerPort } from "./topology";
import { valueOf } from "./answer";
import type { Observation } from "./clusterFacts";

/** A certificate of one host and how long it is still good for. */
export interface CertificateExpiry {
    readonly host: string;
    readonly path: string;
    readonly notAfter: Date;
    /** Whole days, rounded down; negative once expired. */
    readonly daysLeft: number;
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Certificates of a host, the soonest to end first; the one its API server presents is among them by its address. */
export function certificatesOf({ inventory, facts }: Observation, host: string): CertificateExpiry[] {
    const files = valueOf(facts.certificates[host]) ?? [];
    const presented = valueOf(facts.apiServers.direct[host])?.certificateNotAfter;
    const address = inventory.hosts.find(({ name }) => name === host)?.address;
    const served = presented
        ? [{ path: `https://${address}:${apiServerPort(inventory, host)}`, notAfter: presented }]
        : [];
    return [...files, ...served]
        .map(({ path, notAfter }) => ({
            host,
            path,
            notAfter,
            daysLeft: Math.floor((notAfter.getTime() - facts.observedAt.getTime()) / DAY_MILLISECONDS),
        }))
        .sort((a, b) => a.notAfter.getTime() - b.notAfter.getTime());
}
