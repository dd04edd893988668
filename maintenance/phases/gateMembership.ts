import { Duration } from "../../model/duration";
import type { EtcdAlarm, EtcdMember } from "../ports/etcdOutput";
import { errorLine } from "../workflow/errorLine";
import type { Phase } from "../workflow/phase";
import { RefusedError } from "../workflow/refusedError";
import { DeadlineError, until } from "../workflow/until";
import { hostOf, memberOn } from "./findMember";
import { through, type LeaveScope } from "./leaveScope";

/** Members that have just changed need a moment to settle; what stays wrong longer is a reason to refuse. */
const SETTLE = Duration.seconds(20);

/** What etcd looked like when the gate was asked. */
export interface MembershipView {
    readonly leaving: EtcdMember | undefined;
    /** The leaving member gives no linearizable read itself: without it nothing is lost that is not lost already. */
    readonly leavingIsSilent: boolean;
    readonly others: readonly {
        readonly member: EtcdMember;
        readonly label: string;
        /** Empty when it answers a linearizable read. */
        readonly unhealthy: string;
    }[];
    readonly alarms: readonly EtcdAlarm[];
}

/**
 * Lets a member go only when all others are started, healthy voters without alarm and keep quorum (TRAPS 1, 2, 4). One that
 * is dead may go beside other dead ones, as long as those that live are a quorum with it, and so without it (TRAPS 74).
 */
export const gateMembership: Phase<LeaveScope> = {
    name: "gate-membership",
    title: ({ host }) => `check that etcd can do without ${host.name}`,
    shouldRun: ({ member }) => member !== undefined,

    async run(scope) {
        try {
            await until({
                what: "etcd to be whole without this member",
                deadline: SETTLE,
                clock: scope.ports.clock,
                observe: () => found(scope).catch((error: unknown) => [`etcd cannot be asked (${errorLine(error)})`]),
                satisfied: (found) => found.length === 0,
                describe: (found) => found.join("; "),
                report: (line) => scope.progress.report(`waiting: ${line}`),
            });
        } catch (error) {
            if (!(error instanceof DeadlineError)) throw error;
            throw new RefusedError(
                `leave ${scope.host.name}`,
                [error.lastObservation],
                "make the other members healthy first, then run again",
            );
        }
    },
};

async function found(scope: LeaveScope): Promise<string[]> {
    return objections(await view(scope));
}

/** Every reason not to let the member go. Pure. */
export function objections({ leaving, leavingIsSilent, others, alarms }: MembershipView): string[] {
    if (others.length === 0) return ["it is the last etcd member; removing it would destroy the cluster's data"];
    const labelOf = (id: string) => others.find(({ member }) => member.id === id)?.label ?? id;
    const foreignAlarms = alarms.filter(({ memberId }) => memberId !== leaving?.id);
    const healthy = others.filter(({ member, unhealthy }) => fit(member) && unhealthy === "").length;
    const counted = leavingIsSilent ? others.length + 1 : others.length;
    const needed = Math.floor(counted / 2) + 1;
    const sick = leavingIsSilent && healthy >= needed ? [] : others;
    return [
        ...others
            .filter(({ member }) => !member.started)
            .map(({ label }) => `member ${label} was added but has never started`),
        ...others
            .filter(({ member }) => member.started && member.learner)
            .map(({ label }) => `member ${label} is still a learner`),
        ...sick
            .filter(({ member, unhealthy }) => fit(member) && unhealthy !== "")
            .map(({ label, unhealthy }) => `member ${label} is not healthy (${unhealthy})`),
        ...foreignAlarms.map(({ memberId, alarm }) => `member ${labelOf(memberId)} has raised alarm ${alarm}`),
        ...(healthy < needed
            ? [
                  `${healthy} of the ${others.length} members that stay are healthy voters; quorum needs ${needed}${leavingIsSilent ? " as long as the dead one counts" : ""}`,
              ]
            : []),
    ];
}

function fit({ started, learner }: EtcdMember): boolean {
    return started && !learner;
}

async function view(scope: LeaveScope): Promise<MembershipView> {
    const { etcd } = scope.ports;
    const members = await etcd.members(through(scope), { consistent: true });
    const leaving = memberOn(scope.host, members);
    const others = members.filter((member) => member !== leaving);
    return {
        leaving,
        leavingIsSilent: leaving !== undefined && fit(leaving) && (await whyUnhealthy(scope, leaving)) !== "",
        others: await Promise.all(
            others.map(async (member) => {
                const host = hostOf(member, scope.controlPlanes);
                const label = host?.name ?? (member.name || member.id);
                return { member, label, unhealthy: await whyUnhealthy(scope, member) };
            }),
        ),
        alarms: await etcd.alarms(through(scope)),
    };
}

/**
 * Asks the member itself, at its own address: answers of others prove nothing about it. It may be on a control plane that
 * joined after the request was written.
 */
async function whyUnhealthy(scope: LeaveScope, { clientUrls: [clientUrl] }: EtcdMember): Promise<string> {
    if (clientUrl === undefined) return "it has no client address";
    try {
        const { healthy, reason } = await scope.ports.etcd.health(through(scope), clientUrl);
        return healthy ? "" : reason || "no linearizable read";
    } catch (error) {
        return errorLine(error);
    }
}
