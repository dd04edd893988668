import { hostOfMember, knownMembers, type ClusterFacts, type Observation } from "../facts/clusterFacts";
import { problem, type Check } from "./finding";

const NEXT: Readonly<Record<string, string>> = {
    NOSPACE: "compact, defragment every member, then `etcdctl alarm disarm`; until then etcd refuses writes",
    CORRUPT: "take this member out and let it join again from the others; do not restart it with its data",
};

/** No member has raised an alarm. */
export const etcdAlarms: Check = {
    name: "etcd-alarms",
    title: "etcd has no alarm",

    findings: (observation) =>
        alarms(observation.facts).map(({ memberId, alarm }) =>
            problem({
                subject: hostById(observation, memberId),
                found: `etcd alarm ${alarm}`,
                expected: "no alarm",
                next: NEXT[alarm] ?? "look it up in etcd's documentation before anything else",
            }),
        ),
};

/** Alarms are one replicated list, so the first member that answers tells them all. */
export function alarms({ etcd }: ClusterFacts) {
    return Object.values(etcd.alarms).find((answer) => answer.answered)?.value ?? [];
}

function hostById({ inventory, facts }: Observation, memberId: string): string {
    const member = knownMembers(facts)?.find(({ id }) => id === memberId);
    return (member && hostOfMember(inventory, member)) ?? `etcd member ${memberId}`;
}
