import type { Observation } from "../facts/clusterFacts";
import { apiServers } from "./apiServers";
import { balancerServers } from "./balancerServers";
import { certificates } from "./certificates";
import { daemonSets } from "./daemonSets";
import { etcdAlarms } from "./etcdAlarms";
import { etcdDatabase } from "./etcdDatabase";
import { etcdHealth } from "./etcdHealth";
import { etcdMembers } from "./etcdMembers";
import type { Check, Finding } from "./finding";
import { hostServices } from "./hostServices";
import { hostsReachable } from "./hostsReachable";
import { leases } from "./leases";
import { nodes } from "./nodes";
import { versions } from "./versions";
import { virtualAddress } from "./virtualAddress";

/** Every check, in the order in which their findings are read: from the ground up. */
export const CHECKS: readonly Check[] = [
    hostsReachable,
    hostServices,
    etcdMembers,
    etcdHealth,
    etcdDatabase,
    etcdAlarms,
    apiServers,
    balancerServers,
    virtualAddress,
    leases,
    nodes,
    versions,
    certificates,
    daemonSets,
];

/** A finding with the name of the check that made it. */
export interface NamedFinding extends Finding {
    readonly check: string;
}

/** Everything that all checks find, problems before warnings. */
export function runChecks(observation: Observation): NamedFinding[] {
    const findings = CHECKS.flatMap(({ name, findings: judge }) =>
        judge(observation).map((finding) => ({ check: name, ...finding })),
    );
    return [
        ...findings.filter(({ severity }) => severity === "problem"),
        ...findings.filter(({ severity }) => severity === "warning"),
    ];
}
