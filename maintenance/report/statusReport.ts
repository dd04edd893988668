import { runChecks } from "../checks/checks";
import { sentence } from "../checks/finding";
import { holderHost, leaseAge } from "../checks/leases";
import { ownersOf } from "../checks/virtualAddress";
import { valueOf } from "../facts/answer";
import { certificatesOf } from "../facts/certificateExpiry";
import type { Observation } from "../facts/clusterFacts";
import { observedVersions } from "../facts/observedVersions";
import { STATUS_SCHEMA_VERSION, type StatusReport } from "./statusShape";
import { apiServerRows, balancerRows, etcdRows, hostRows, nodeRows } from "./statusRows";

/** Judges an observation and lays it out. Pure. */
export function statusReport(observation: Observation): StatusReport {
    const { inventory, facts } = observation;
    const findings = runChecks(observation).map((finding) => ({
        ...finding,
        message: sentence(finding),
    }));
    const kubernetes = valueOf(facts.kubernetes);
    return {
        schemaVersion: STATUS_SCHEMA_VERSION,
        cluster: inventory.clusterName,
        observedAt: facts.observedAt.toISOString(),
        healthy: findings.every(({ severity }) => severity !== "problem"),
        findings,
        hosts: hostRows(observation),
        etcd: etcdRows(observation),
        apiServers: apiServerRows(observation),
        balancerServers: balancerRows(observation),
        virtualAddress: { address: inventory.endpoint.address, owners: ownersOf(facts, inventory.endpoint.address) },
        leases: (kubernetes?.leases ?? []).map((lease) => ({
            name: lease.name,
            holder: holderHost(lease),
            ageSeconds: leaseAge(lease, facts.observedAt) ?? null,
            durationSeconds: lease.durationSeconds,
        })),
        nodes: nodeRows(observation),
        versions: observedVersions(observation),
        certificates: inventory.hosts
            .flatMap(({ name }) => certificatesOf(observation, name))
            .map(({ notAfter, ...certificate }) => ({ ...certificate, notAfter: notAfter.toISOString() })),
        daemonSets: (kubernetes?.daemonSets ?? []).map((set) => ({ ...set })),
    };
}
