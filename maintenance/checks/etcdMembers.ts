import { hostOfMember, knownMembers, type Observation } from "../facts/clusterFacts";
import type { EtcdMember } from "../ports/etcdOutput";
import { problem, type Check, type Finding } from "./finding";

/** The live member list is the declared one: none missing, none more, all voters that have started (TRAPS 1, 4). */
export const etcdMembers: Check = {
    name: "etcd-members",
    title: "etcd has exactly the declared members, all of them voters",

    findings(observation) {
        const members = knownMembers(observation.facts);
        if (members === undefined) return [noList(observation)];
        return [...missing(observation, members), ...members.flatMap((member) => unfit(observation, member))];
    },
};

function noList({ inventory, facts }: Observation): Finding {
    const reasons = Object.values(facts.etcd.members).flatMap((answer) => (answer.answered ? [] : [answer.why]));
    return problem({
        subject: "etcd",
        found: `no member tells the member list (${reasons.join("; ")})`,
        expected: `${inventory.etcd.members.length} members`,
        next: "start the etcd static pods on the control planes; with quorum lost for good, restore a snapshot",
    });
}

function missing({ inventory }: Observation, members: readonly EtcdMember[]): Finding[] {
    const live = members.flatMap(({ peerUrls }) => peerUrls);
    return inventory.etcd.members
        .filter(({ peerUrl }) => !live.includes(peerUrl))
        .map(({ name, host, peerUrl }) =>
            problem({
                subject: host,
                found: `etcd has no member ${name} at ${peerUrl}`,
                expected: "the member that the inventory declares",
                next: "run `pulumi up` so that the host joins again, or take it out of the configuration",
            }),
        );
}

function unfit({ inventory }: Observation, member: EtcdMember): Finding[] {
    const host = hostOfMember(inventory, member);
    const where = member.peerUrls.join(", ");
    if (host === undefined) {
        return [
            problem({
                subject: "etcd",
                found: `member ${member.name || member.id} at ${where} is not in the inventory`,
                expected: "only declared members",
                next: `declare its host, or remove it with \`etcdctl member remove ${member.id}\` while all others are healthy`,
            }),
        ];
    }
    if (!member.started) {
        return [
            problem({
                subject: host,
                found: `member ${member.id} at ${where} was added but has never started`,
                expected: "a started member",
                next: `run \`pulumi up\` to finish the join, or remove it with \`etcdctl member remove ${member.id}\``,
            }),
        ];
    }
    if (!member.learner) return [];
    return [
        problem({
            subject: host,
            found: `member ${member.name} is a learner`,
            expected: "a voter",
            next: `wait until it is in sync; then run \`pulumi up\`, or \`etcdctl member promote ${member.id}\``,
        }),
    ];
}
