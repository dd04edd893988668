import { Duration } from "../../model/duration";
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
        await until({
            what: `etcd to be led by another member than ${scope.host.name}`,
            deadline: DEADLINE,
            clock: scope.ports.clock,
            observe: async () => (await etcd.status(on)).leaderId,
            satisfied: (id) => id !== undefined && id !== leaving.id,
            describe: (id) => (id === undefined ? "no leader" : `${scope.host.name} still leads`),
        });
        scope.progress.report(`${successor.name} leads etcd`);
    },
};
