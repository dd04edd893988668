import { inventoryHosts } from "../../model/inventory";
import { isReachable, knownMembers, type Observation } from "../facts/clusterFacts";
import { problem, type Check, type Finding } from "./finding";

/** Every member answers a linearizable read, they agree on one leader, and a failure can still be survived (TRAPS 2). */
export const etcdHealth: Check = {
    name: "etcd-health",
    title: "every etcd member answers linearizable reads under one leader",

    findings: (observation) => [
        ...inventoryHosts(observation.inventory, "control-plane").flatMap(({ name }) => member(observation, name)),
        ...leader(observation),
        ...quorum(observation),
    ],
};

function member({ facts }: Observation, host: string): Finding[] {
    const answer = facts.etcd.health[host];
    if (!isReachable(facts, host) || answer === undefined) return [];
    if (answer.answered && answer.value.healthy) return [];
    const why = answer.answered ? answer.value.reason : answer.why;
    return [
        problem({
            subject: host,
            found: `its etcd member does not answer a linearizable read (${why})`,
            expected: "an answer within 3 s",
            next: "read the log of the etcd static pod in /var/log/pods on the host",
        }),
    ];
}

function leader({ facts }: Observation): Finding[] {
    const statuses = Object.values(facts.etcd.status).flatMap((answer) => (answer.answered ? [answer.value] : []));
    const leaders = new Set(statuses.map(({ leaderId }) => leaderId ?? "none"));
    if (statuses.length === 0 || (leaders.size === 1 && !leaders.has("none"))) return [];
    return [
        problem({
            subject: "etcd",
            found: `the members name ${leaders.size} leaders: ${[...leaders].join(", ")}`,
            expected: "one leader that all of them name",
            next: "check the network between the control planes on port 2380",
        }),
    ];
}

function quorum({ facts }: Observation): Finding[] {
    const voters = knownMembers(facts)?.filter(({ learner }) => !learner).length ?? 0;
    const healthy = Object.values(facts.etcd.health).filter((answer) => answer.answered && answer.value.healthy).length;
    const needed = Math.floor(voters / 2) + 1;
    if (voters === 0 || healthy >= voters) return [];
    const spare = healthy - needed;
    const found =
        spare < 0
            ? `quorum is lost: ${healthy} of ${voters} voters are healthy and ${needed} are needed`
            : `${healthy} of ${voters} voters are known to be healthy; ${spare === 0 ? "one more failure loses quorum" : `${spare} more may fail`}`;
    return [
        problem({
            subject: "etcd",
            found,
            expected: `${voters} healthy voters`,
            next: "bring the missing members back before anything else",
        }),
    ];
}
