import pLimit from "p-limit";
import { HostKeyError, UnreachableError } from "../ports/remote";
import type { LeavePorts, Progress } from "../phases/leaveScope";
import { runPhases, type Phase } from "../workflow/phase";
import type { DestroyRequest, LeavingHost } from "./leaveRequest";

/** Hosts worked on at once: SSH handshakes cost the operator's machine its processor. */
const PARALLEL_HOSTS = 50;

interface DestroyScope {
    readonly hosts: readonly LeavingHost[];
    readonly teardown: LeavePorts["teardown"];
    readonly progress: Progress;
    /** Grows while hosts are reset: one that fails must not keep the others. */
    readonly failures: string[];
}

const resetNodes: Phase<DestroyScope> = {
    name: "reset-nodes",
    title: ({ hosts }) => `reset ${names(hosts.filter(isNode))}`,
    shouldRun: ({ hosts }) => hosts.some(isNode),
    run: (scope) => onEach(scope, scope.hosts.filter(isNode), (host) => scope.teardown.reset(host)),
};

const resetLoadBalancers: Phase<DestroyScope> = {
    name: "reset-load-balancers",
    title: ({ hosts }) => `reset ${names(hosts.filter((host) => !isNode(host)))}`,
    shouldRun: ({ hosts }) => !hosts.every(isNode),
    run: (scope) =>
        onEach(
            scope,
            scope.hosts.filter((host) => !isNode(host)),
            async (host) => {
                await scope.teardown.stopKeepalived(host);
                await scope.teardown.reset(host);
            },
        ),
};

/**
 * Resets every host of a cluster at once, load balancers last. Hosts that are gone, or are other machines by now, are told
 * about and left alone.
 * @throws Error naming every host that answers and could not be reset
 */
export async function destroy(
    { hosts }: DestroyRequest,
    { teardown }: Pick<LeavePorts, "teardown">,
    progress: Progress,
): Promise<void> {
    const scope: DestroyScope = { hosts, teardown, progress, failures: [] };
    await runPhases([resetNodes, resetLoadBalancers], scope, (title) => progress.report(title));
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
