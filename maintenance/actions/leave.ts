import { drain } from "../phases/drain";
import { gateMembership } from "../phases/gateMembership";
import type { LeaveOrder, LeaveScope } from "../phases/leaveScope";
import { moveLeaderAway } from "../phases/moveLeaderAway";
import { moveLeasesAway } from "../phases/moveLeasesAway";
import { removeMember } from "../phases/removeMember";
import { deleteNode, reset, stopApiServer, stopControllers, stopKeepalived, stopKubelet } from "../phases/teardown";
import { runPhases, type Phase } from "../workflow/phase";
import { gatherLeaveFacts, NOTHING_TO_DO } from "./leaveFacts";
import type { LeavingHost } from "./leaveRequest";

/** What each role does when it leaves, in order. */
export const LEAVE_PHASES: Readonly<Record<LeavingHost["role"], readonly Phase<LeaveScope>[]>> = {
    worker: [drain, stopKubelet, deleteNode, reset],
    "control-plane": [
        gateMembership,
        moveLeaderAway,
        drain,
        gateMembership, // the drain may have lasted minutes
        stopControllers,
        stopApiServer,
        moveLeaderAway, // an election meanwhile may have brought it back
        removeMember,
        stopKubelet,
        moveLeasesAway, // not earlier: a lease may have to run out, also of a host that is cut off from us only
        deleteNode,
        reset,
    ],
    "load-balancer": [stopKeepalived, reset],
};

/**
 * Takes one host out of a cluster that stays. Safe to run again after any interruption.
 * @throws RefusedError before anything is changed, when the cluster could not do without the host
 */
export async function leave(order: LeaveOrder): Promise<void> {
    const { host } = order.request;
    const scope = await gatherLeaveFacts(order);
    if (scope === NOTHING_TO_DO) {
        order.progress.report(`${host.name}: nothing left to take out`);
        return;
    }
    await runPhases(LEAVE_PHASES[host.role], scope, (title) => order.progress.report(title));
    order.progress.report(`${host.name} has left the cluster`);
}
