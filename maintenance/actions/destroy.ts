import pLimit from "p-limit";
import { HostKeyError, UnreachableError } from "../ports/remote";
import type { LeavePorts, Progress } from "../phases/leaveScope";
import { runPhases, type Phase } from "../workflow/phase";
import type { HostTraces } from "../ports/hostTraces";
import type { DestroyRequest, LeavingHost, RequestingCluster } from "./leaveRequest";
import { agreedCaHash, ownership, proved, untouched } from "./ownership";

/** Hosts worked on at once: SSH handshakes cost the operator's machine its processor. */
const PARALLEL_HOSTS = 50;

interface DestroyScope {
    readonly hosts: readonly LeavingHost[];
    readonly cluster: RequestingCluster | undefined;
    readonly teardown: LeavePorts["teardown"];
    readonly progress: Progress;
    /** Hosts that are this cluster's, once that has been looked at. */
    readonly ours: LeavingHost[];
    /** Grows while hosts are reset: one that fails must not keep the others. */
    readonly failures: string[];
}

/** Hosts that are not ours stay as they are, whoever wrote them into the configuration (TRAPS 71). */
const lookAtOwners: Phase<DestroyScope> = {
    name: "look-at-owners",
    title: ({ hosts }) => `look whose ${names(hosts)} are`,

    async run(scope) {
        const { hosts, cluster, teardown, progress } = scope;
        const traces = new Map<LeavingHost, HostTraces>();
        await onEach(scope, hosts, async (host) => void traces.set(host, await teardown.traces(host)));
        const controlPlanes = hosts.filter(({ role }) => role === "control-plane");
        const proof = { caHash: agreedCaHash(controlPlanes.map((host) => traces.get(host))), controlPlanes };
        for (const [host, found] of traces) {
            const owner = proved(host, found, ownership(host, found, cluster), proof);
            if (owner.kind === "ours") scope.ours.push(host);
            else if ("what" in owner) progress.warn(untouched(host, owner.what));
        }
    },
};

const resetNodes: Phase<DestroyScope> = {
    name: "reset-nodes",
    title: ({ ours }) => `reset ${names(ours.filter(isNode))}`,
    shouldRun: ({ ours }) => ours.some(isNode),
    run: (scope) => onEach(scope, scope.ours.filter(isNode), (host) => scope.teardown.reset(host, scope.cluster)),
};

const resetLoadBalancers: Phase<DestroyScope> = {
    name: "reset-load-balancers",
    title: ({ ours }) => `reset ${names(ours.filter((host) => !isNode(host)))}`,
    shouldRun: ({ ours }) => !ours.every(isNode),
    run: (scope) =>
        onEach(
            scope,
            scope.ours.filter((host) => !isNode(host)),
            async (host) => {
                await scope.teardown.stopKeepalived(host);
                await scope.teardown.reset(host, scope.cluster);
            },
        ),
};

/**
 * Resets every host of a cluster at once, load balancers last. Hosts that are gone, are other machines by now, or are not
 * this cluster's are told about and left alone.
 * @throws Error naming every host that answers and could not be reset
 */
export async function destroy(
    { hosts, cluster }: DestroyRequest,
    { teardown }: Pick<LeavePorts, "teardown">,
    progress: Progress,
): Promise<void> {
    const scope: DestroyScope = { hosts, cluster, teardown, progress, ours: [], failures: [] };
    await runPhases([lookAtOwners, resetNodes, resetLoadBalancers], scope, (title) => progress.report(title));
    if (scope.failures.length > 0) {
        throw new Error(
            `${scope.failures.join("\n")}\nexpected every host that answers to be reset; mend these hosts and run again`,
        );
    }
}

async function onEach(
    scope: DestroyScope,
    hosts: readonly LeavingHost[],
    work: (host: LeavingHost) => Promise<unknown>,
) {
    const limit = pLimit(PARALLEL_HOSTS);
    await Promise.all(
        hosts.map((host) =>
            limit(async () => {
                try {
                    await work(host);
                } catch (error) {
                    const { message } = error as Error;
                    const isGone = error instanceof UnreachableError || error instanceof HostKeyError;
                    if (isGone) scope.progress.warn(`${message}; skipped`);
                    else scope.failures.push(message);
                }
            }),
        ),
    );
}

function isNode({ role }: LeavingHost): boolean {
    return role !== "load-balancer";
}

function names(hosts: readonly LeavingHost[]): string {
    return hosts.map(({ name }) => name).join(", ");
}
