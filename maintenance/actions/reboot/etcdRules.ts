import { inventoryHosts } from "../../../model/inventory";
import type { EtcdMemberView } from "./rebootPorts";
import { stays, type Rule } from "./objection";

/** etcd has the declared members, is whole and would keep its quorum; checked for every host, because trouble is no time for a reboot (TRAPS 2, 4). */
export const etcdIsWhole: Rule = (view) => {
    const { etcd } = view.facts;
    if (typeof etcd === "string") {
        return [`etcd does not answer through consensus (${etcd}): bring its members back to quorum`];
    }
    const hosts = etcd.members.map(({ host }) => host);
    return [
        ...inventoryHosts(view.facts.inventory, "control-plane")
            .filter(({ name }) => !hosts.includes(name))
            .map(
                ({ name }) =>
                    `etcd has no member on ${name}: run \`pulumi up\` so that it joins again, or take it out of the configuration`,
            ),
        ...etcd.members.filter(({ host }) => stays(view, host)).flatMap(memberObjections),
        ...etcd.alarms.map(
            (alarm) => `etcd has raised an alarm (${alarm}): clear its cause, then \`etcdctl alarm disarm\``,
        ),
        ...(etcd.leader === undefined ? ["etcd has no leader: bring its members back to quorum"] : []),
    ];
};

/** Never more than one voter out by our own hand, and those that stay are a quorum (TRAPS 2, 6). */
export const quorumIsKept: Rule = (view) => {
    const { etcd } = view.facts;
    if (typeof etcd === "string") return [];
    const voters = etcd.members.filter(({ learner }) => !learner);
    const leaving = voters.filter(({ host }) => !stays(view, host));
    if (leaving.length === 0) return [];
    const needed = Math.floor(voters.length / 2) + 1;
    const left = voters.filter((member) => stays(view, member.host) && isFit(member)).length;
    const names = leaving.map(({ host }) => host).join(" and ");
    return [
        ...(leaving.length > 1 ? [`${names} would be out together: etcd members go one at a time`] : []),
        ...(left < needed
            ? [
                  `without ${names}, ${left} of ${voters.length} etcd voters are healthy and quorum needs ${needed}: ${voters.length < 3 ? "add control planes until there are 3" : "mend the other members"}`,
              ]
            : []),
    ];
};

function memberObjections({ host, id, started, learner, unhealthy }: EtcdMemberView): string[] {
    const name = host === "" ? `member ${id}, on no host of the inventory,` : `member ${host}`;
    if (!started) return [`etcd ${name} was added but has never started: remove it or start it`];
    if (learner) return [`etcd ${name} is still a learner: wait until it is promoted`];
    if (unhealthy !== "") return [`etcd ${name} is not healthy (${unhealthy}): bring it back`];
    if (host !== "") return [];
    return [
        `etcd member ${id} is on no control plane of the inventory: declare its host, or remove it with \`etcdctl member remove ${id}\` while all others are healthy`,
    ];
}

function isFit({ started, learner, unhealthy }: EtcdMemberView): boolean {
    return started && !learner && unhealthy === "";
}
