import { describeBlockers } from "./describeBlockers";
import { through, type LeaveScope } from "./leaveScope";
import type { Phase } from "../workflow/phase";

/**
 * Evicts every pod that is not a DaemonSet's or a static one; budgets are respected. When that cannot be done in time, the
 * node is open again, unless somebody else had cordoned it (TRAPS 31, 36).
 */
export const drain: Phase<LeaveScope> = {
    name: "drain",
    title: ({ host }) => `drain ${host.name}`,
    shouldRun: ({ node, hostState }) => node !== undefined && hostState === "installed",

    async run(scope) {
        const { admin } = scope.ports;
        const on = through(scope);
        const { name } = scope.host;
        if (isOurs(scope)) await admin.cordon(on, name);
        try {
            const result = await admin.drain(on, name, scope.drainTimeout);
            if (result.drained) return;
            const [pods, budgets] = await Promise.all([admin.podsOn(on, name), admin.budgets(on)]);
            throw new Error(
                `${name}: not drained, with ${scope.drainTimeout} to do it: ${describeBlockers(result.output, pods, budgets)}; ` +
                    "expected every pod to leave; scale the workload up, loosen its budget or delete the pod, then run again",
            );
        } catch (error) {
            await uncordon(scope);
            throw error;
        }
    },

    undo: uncordon,
};

/** Nobody else has cordoned the node. */
function isOurs({ node }: LeaveScope): boolean {
    return node?.cordoned !== true || node.cordonedByUs;
}

async function uncordon(scope: LeaveScope): Promise<void> {
    if (!isOurs(scope)) return;
    try {
        await scope.ports.admin.uncordon(through(scope), scope.host.name);
    } catch (error) {
        scope.progress.warn(
            `${scope.host.name} stays cordoned: ${(error as Error).message}; run \`kubectl uncordon ${scope.host.name}\``,
        );
    }
}
