import { Duration } from "../../model/duration";
import { errorLine } from "../workflow/errorLine";
import type { Phase } from "../workflow/phase";
import { until } from "../workflow/until";
import { memberOn } from "./findMember";
import { through, type LeaveScope } from "./leaveScope";

const DEADLINE = Duration.seconds(10);

/** Takes the member out of etcd, through another member, and reads back through consensus that it is out. */
export const removeMember: Phase<LeaveScope> = {
    name: "remove-member",
    title: ({ host }) => `remove the etcd member of ${host.name}`,
    shouldRun: ({ member }) => member !== undefined,

    async run(scope) {
        const { etcd, clock } = scope.ports;
        const on = through(scope);
        const id = scope.member?.id ?? "";
        const whyNotRemoved = async () =>
            memberOn(scope.host, await etcd.members(on, { consistent: true })) === undefined
                ? ""
                : "it is still listed";
        await etcd.removeMember(on, id);
        await until({
            what: `etcd to be without member ${id}`,
            deadline: DEADLINE,
            clock,
            observe: () => whyNotRemoved().catch(errorLine),
            satisfied: (why) => why === "",
            describe: (why) => why,
        });
    },
};
