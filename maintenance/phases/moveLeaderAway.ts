import { Duration } from "../../model/duration";
import type { EtcdMember } from "../ports/etcdOutput";
import { errorLine } from "../workflow/errorLine";
import type { Phase } from "../workflow/phase";
import { until } from "../workflow/until";
import { memberOn } from "./findMember";
import { through, type LeaveScope } from "./leaveScope";

const DEADLINE = Duration.seconds(10);

/** Hands etcd's leadership to another voter, so that no write waits for an election (TRAPS 3). */
export const moveLeaderAway: Phase<LeaveScope> = {
    name: "move-leader",
    title: ({ host }) => `see that ${host.name} does not lead etcd`,
    shouldRun: ({ member }) => member?.started === true,

    async run(scope) {
        const { etcd } = scope.ports;
        const on = through(scope);
        const members = await etcd.members(on, { consistent: true });
        const leaving = memberOn(scope.host, members);
        const leader = (await etcd.status(on)).leaderId;
        const successor = members.find((member) => member !== leaving && member.started && !member.learner);
        if (leaving === undefined || leader !== leaving.id || successor === undefined) return;
        await etcd.moveLeader(on, { clientUrls: members.flatMap(({ clientUrls }) => clientUrls), to: successor.id });
        const whyNotLedElsewhere = async ({ id }: EtcdMember) => {
            const { leaderId } = await etcd.status(on);
            if (leaderId === undefined) return "no leader";
            return leaderId === id ? `${scope.host.name} still leads` : "";
        };
        await until({
            what: `etcd to be led by another member than ${scope.host.name}`,
            deadline: DEADLINE,
            clock: scope.ports.clock,
            observe: () => whyNotLedElsewhere(leaving).catch(errorLine),
            satisfied: (why) => why === "",
            describe: (why) => why,
        });
        scope.progress.report(`${successor.name} leads etcd`);
    },
};
