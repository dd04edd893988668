import { Duration } from "../../model/duration";
import { holderHost } from "../checks/leases";
import type { LeaseFacts } from "../ports/kubernetes";
import { errorLine } from "../workflow/errorLine";
import type { Phase } from "../workflow/phase";
import { until } from "../workflow/until";
import { through, type LeaveScope } from "./leaveScope";

/** For the others to notice that a lease is free, which they ask every few seconds, on machines that are busy. */
const MARGIN = Duration.seconds(30);

/**
 * Waits until scheduling and controllers are led from another host. The scheduler gives its lease up when it is stopped
 * (kubernetes PR 100305), the controller-manager does not (kubernetes issue 132599), a dead host neither: then the lease
 * has to run out before somebody else can take it.
 */
export const moveLeasesAway: Phase<LeaveScope> = {
    name: "move-leases",
    title: ({ host }) => `see that ${host.name} leads neither scheduling nor controllers`,

    async run(scope) {
        const leases = () => scope.ports.admin.leases(through(scope));
        await until({
            what: `scheduler and controller-manager to be led from another host than ${scope.host.name}`,
            deadline: longest(await leases()).plus(MARGIN),
            clock: scope.ports.clock,
            observe: () => leases().then((seen) => whyHere(seen, scope), errorLine),
            satisfied: (why) => why === "",
            describe: (why) => why,
            report: (line) => scope.progress.report(`waiting: ${line}`),
        });
    },
};

function whyHere(leases: readonly LeaseFacts[], scope: LeaveScope): string {
    return leases
        .filter((lease) => !isElsewhere(lease, scope))
        .map(({ name, holder }) => (holder === "" ? `nobody holds ${name}` : `${holder} holds ${name}`))
        .join("; ");
}

function isElsewhere(lease: LeaseFacts, { host }: LeaveScope): boolean {
    return lease.holder !== "" && holderHost(lease) !== host.name;
}

/** How long the last of the leases lives without renewal; the lease itself says it. */
function longest(leases: readonly LeaseFacts[]): Duration {
    return Duration.seconds(Math.max(0, ...leases.map(({ durationSeconds }) => durationSeconds)));
}
