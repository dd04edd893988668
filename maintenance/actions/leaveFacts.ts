import { memberOn } from "../phases/findMember";
import type { HostState, LeaveOrder, LeaveScope } from "../phases/leaveScope";
import { type HostTraces, RESET } from "../ports/hostTraces";
import { UnreachableError } from "../ports/remote";
import { errorLine } from "../workflow/errorLine";
import { RefusedError } from "../workflow/refusedError";
import type { LeavingHost } from "./leaveRequest";
import { ownership, proved, provenCaHash, untouched } from "./ownership";

/** Nothing is left to do: the host, or the whole cluster, is gone already. */
export const NOTHING_TO_DO = "nothing to do";

/**
 * Finds out, before anything is changed, what of the host is still there and through whom it can be taken out.
 * @throws RefusedError when the cluster cannot be asked although the host is still part of it
 * @throws HostKeyError when another machine answers at the host's address
 */
export async function gatherLeaveFacts(order: LeaveOrder): Promise<LeaveScope | typeof NOTHING_TO_DO> {
    const { request, drainTimeout, ports, progress } = order;
    const { host, controlPlanes, cluster } = request;
    const traces = await tracesOf(order);
    const alone = { host, cluster, controlPlanes, drainTimeout, ports, progress, node: undefined, member: undefined };
    if (host.role === "load-balancer") {
        const hostState = await judge(order, traces, undefined);
        return hostState === "installed" ? { ...alone, hostState, through: undefined } : NOTHING_TO_DO;
    }
    const others = controlPlanes.filter(({ name }) => name !== host.name);
    const { serving, seen } = await findServing(order, others);
    const hostState = await judge(order, traces, serving);
    if (serving === undefined) {
        const isLeft = hostState === "clean" || hostState === "foreign";
        if (isLeft || (await clusterIsGone(order, others, hostState))) return NOTHING_TO_DO;
        throw noCluster(order, seen);
    }
    const node = await ports.admin.node(serving, host.name);
    const member = host.role === "control-plane" ? await findMember(order, serving) : undefined;
    if (hostState !== "installed" && node === undefined && member === undefined) return NOTHING_TO_DO;
    return { ...alone, hostState, through: serving, node, member };
}

async function tracesOf({ request: { host, gone }, ports, progress }: LeaveOrder): Promise<HostTraces | undefined> {
    const consequence = `it goes without drain and reset; should it come back, run ${RESET} on it`;
    if (gone) {
        progress.warn(`${host.name}: known to be gone; ${consequence}`);
        return undefined;
    }
    try {
        return await ports.teardown.traces(host);
    } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        progress.warn(`${error.message}; ${consequence}`);
        return undefined;
    }
}

/** Whose the host is. What its own mark does not tell, the CA of a control plane that serves does. */
async function judge(
    { request: { host, cluster, controlPlanes }, ports, progress }: LeaveOrder,
    traces: HostTraces | undefined,
    serving: LeavingHost | undefined,
): Promise<HostState> {
    if (traces === undefined) return "unreachable";
    const claim = ownership(host, traces, cluster);
    const isNode = host.role !== "load-balancer";
    // Nobody can tell now. Nothing is done on it either, as nothing goes on without a control plane.
    if (claim.kind === "unproved" && isNode && serving === undefined) return "installed";
    const asked = claim.kind === "unproved" && serving !== undefined;
    const caHash = asked ? provenCaHash(await ports.teardown.traces(serving)) : "";
    const owner = proved(host, traces, claim, { caHash, controlPlanes });
    switch (owner.kind) {
        case "ours":
            return "installed";
        case "clean":
            return "clean";
        case "foreign":
        case "unproved":
            progress.warn(untouched(host, owner.what));
            return "foreign";
    }
}

/**
 * The first control plane, in the order of the request, that is this cluster's and whose own API server is ready. One that
 * was refused stands in the request too: its API serves, but somebody else's cluster.
 */
async function findServing({ request, ports }: LeaveOrder, candidates: readonly LeavingHost[]) {
    const answers = await Promise.all(
        candidates.map(async (host) => {
            try {
                const owner = ownership(host, await ports.teardown.traces(host), request.cluster);
                if (owner.kind === "foreign") return { host, why: untouched(host, owner.what) };
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

/**
 * True when control planes answer and none has anything of the cluster: it was destroyed before. One that others have marked
 * has nothing of it either; but while the host itself is ours, it is more likely a wrong address.
 */
async function clusterIsGone(
    { request, ports }: LeaveOrder,
    controlPlanes: readonly LeavingHost[],
    hostState: HostState,
): Promise<boolean> {
    const answers = await Promise.allSettled(
        controlPlanes.map(async (host) => {
            const traces = await ports.teardown.traces(host);
            const { kind } = ownership(host, traces, request.cluster);
            return kind === "clean" || (kind === "foreign" && traces.mark !== undefined && hostState !== "installed");
        }),
    );
    const emptied = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    return emptied.length > 0 && emptied.every((isEmpty) => isEmpty);
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
