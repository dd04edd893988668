import { memberOn } from "../phases/findMember";
import type { HostState, LeaveOrder, LeaveScope } from "../phases/leaveScope";
import { UnreachableError } from "../ports/remote";
import { errorLine } from "../workflow/errorLine";
import { RefusedError } from "../workflow/refusedError";
import type { LeavingHost } from "./leaveRequest";

/** Nothing is left to do: the host, or the whole cluster, is gone already. */
export const NOTHING_TO_DO = "nothing to do";

/**
 * Finds out, before anything is changed, what of the host is still there and through whom it can be taken out.
 * @throws RefusedError when the cluster cannot be asked although the host is still part of it
 * @throws HostKeyError when another machine answers at the host's address
 */
export async function gatherLeaveFacts(order: LeaveOrder): Promise<LeaveScope | typeof NOTHING_TO_DO> {
    const { request, drainTimeout, ports, progress } = order;
    const { host, controlPlanes } = request;
    const hostState = await stateOf(order);
    const alone = { host, hostState, controlPlanes, drainTimeout, ports, progress, node: undefined, member: undefined };
    if (host.role === "load-balancer")
        return hostState === "installed" ? { ...alone, through: undefined } : NOTHING_TO_DO;

    const others = controlPlanes.filter(({ name }) => name !== host.name);
    const { serving, seen } = await findServing(order, others);
    if (serving === undefined) {
        if (hostState === "clean" || (await clusterIsGone(order, others))) return NOTHING_TO_DO;
        throw noCluster(order, seen);
    }
    const node = await ports.admin.node(serving, host.name);
    const member = host.role === "control-plane" ? await findMember(order, serving) : undefined;
    if (hostState !== "installed" && node === undefined && member === undefined) return NOTHING_TO_DO;
    return { ...alone, through: serving, node, member };
}

async function stateOf({ request: { host, gone }, ports, progress }: LeaveOrder): Promise<HostState> {
    const consequence = "it goes without drain and reset; should it come back, run /usr/local/lib/quorate/reset on it";
    if (gone) {
        progress.warn(`${host.name}: known to be gone; ${consequence}`);
        return "unreachable";
    }
    try {
        return (await ports.teardown.isInstalled(host)) ? "installed" : "clean";
    } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        progress.warn(`${error.message}; ${consequence}`);
        return "unreachable";
    }
}

/** The first control plane, in the order of the request, whose own API server is ready. */
async function findServing({ ports }: LeaveOrder, candidates: readonly LeavingHost[]) {
    const answers = await Promise.all(
        candidates.map(async (host) => {
            try {
                await ports.admin.assertServing(host);
                return { host, why: "" };
            } catch (error) {
                return { host, why: errorLine(error) };
            }
        }),
    );
    return {
        serving: answers.find(({ why }) => why === "")?.host,
        seen: answers.map(({ why }) => why).filter((why) => why !== ""),
    };
}

/** True when control planes answer and none has anything installed: the cluster was destroyed before. */
async function clusterIsGone({ ports }: LeaveOrder, controlPlanes: readonly LeavingHost[]): Promise<boolean> {
    const installed = await Promise.allSettled(controlPlanes.map((host) => ports.teardown.isInstalled(host)));
    const answers = installed.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    return answers.length > 0 && answers.every((value) => !value);
}

async function findMember({ request: { host }, ports }: LeaveOrder, serving: LeavingHost) {
    try {
        return memberOn(host, await ports.etcd.members(serving, { consistent: true }));
    } catch (error) {
        throw new RefusedError(
            `leave ${host.name}`,
            [`etcd does not tell its members through consensus (${errorLine(error)})`],
            "bring the other members back to quorum first, then run again",
        );
    }
}

function noCluster({ request: { host } }: LeaveOrder, seen: readonly string[]): RefusedError {
    const reasons = seen.length === 0 ? ["no other control plane would be left"] : seen;
    return new RefusedError(
        `leave ${host.name}`,
        reasons,
        "bring a control plane's API server back, then run again; to give up the whole cluster, run `pulumi destroy`",
    );
}
