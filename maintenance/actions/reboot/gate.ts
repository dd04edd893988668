import { Duration } from "../../../model/duration";
import { cameSince } from "../../phases/reboot/cameSince";
import { noteOwnWork, ownWorkToNote } from "../../phases/reboot/ownWorkNote";
import { BlockedError } from "../../workflow/blockedError";
import { errorLine } from "../../workflow/errorLine";
import type { Phase } from "../../workflow/phase";
import { RefusedError } from "../../workflow/refusedError";
import { DeadlineError, until } from "../../workflow/until";
import { gatherRebootFacts } from "./gatherRebootFacts";
import type { Objection } from "./objection";
import { clusterObjections } from "./objections";
import type { RebootFacts } from "./rebootFacts";
import type { OwnWork } from "./rebootPorts";
import type { RebootScope } from "./rebootScope";

/** What has just come back needs a moment to settle; what stays wrong longer is a reason not to go on. */
export const SETTLE = Duration.seconds(60);
/** Between two looks at the whole cluster. */
export const LOOK_INTERVAL = Duration.milliseconds(500);

interface Found {
    /** Reasons against the reboot whatever the policy is. */
    readonly objections: readonly Objection[];
    /** Pods that the reboot would end; it is the policy that decides. */
    readonly pods: readonly string[];
    /** To be noted before the reboot. */
    readonly ownWork?: OwnWork | undefined;
}

interface GateOptions {
    /** Then the host itself must still be as the drain has left it. */
    readonly afterDrain: boolean;
}

/**
 * The cluster can do without the host now. Asked before it is touched and again after its drain, which may have lasted
 * minutes (TRAPS 2). A host that pods have come to since is put back, not drained again: by then kubelet of a control plane is
 * stopped and could end no pod, and somebody who has let them in wants the node.
 */
export function gate(name: string, { afterDrain }: GateOptions = { afterDrain: false }): Phase<RebootScope> {
    return {
        name,
        title: ({ host }) => `check that the cluster can do without ${host.name}`,
        deadline: () => SETTLE,
        async run(scope) {
            const isForced = scope.settings.policy === "force";
            let last: Found = { objections: [], pods: [] };
            try {
                await until({
                    what: `the cluster to be whole without ${scope.host.name}`,
                    deadline: SETTLE,
                    interval: LOOK_INTERVAL,
                    clock: scope.ports.clock,
                    observe: async () => (last = await look(scope, afterDrain)),
                    satisfied: ({ objections, pods }) => objections.length === 0 && (isForced || pods.length === 0),
                    describe: ({ objections, pods }) => [...objections, ...pods].join("; "),
                    report: (line) => scope.progress.report(line),
                });
            } catch (error) {
                if (!(error instanceof DeadlineError)) throw error;
                throw refusal(scope, last);
            }
            if (last.ownWork !== undefined) await noteOwnWork(scope, last.ownWork);
            if (last.pods.length > 0) scope.progress.warn(`goes on, although ${last.pods.join("; ")}`);
        },
    };
}

function refusal({ host }: RebootScope, { objections, pods }: Found): RefusedError {
    const Refusal = objections.length > 0 ? RefusedError : BlockedError;
    return new Refusal(
        `reboot of ${host.name}`,
        [...objections, ...pods],
        "the host was put back as it was; run `quorate reboot` again when this is mended",
    );
}

async function look(scope: RebootScope, afterDrain: boolean): Promise<Found> {
    try {
        const [objections, pods, ownWork] = await Promise.all([
            found(scope, afterDrain),
            afterDrain ? cameSince(scope) : [],
            afterDrain ? ownWorkToNote(scope) : undefined,
        ]);
        return { objections, pods, ownWork };
    } catch (error) {
        return { objections: [`it cannot be asked (${errorLine(error)})`], pods: [] };
    }
}

async function found({ inventory, ports, host, together, runId }: RebootScope, afterDrain: boolean) {
    const facts = await gatherRebootFacts(inventory, ports, {
        drained: [],
        sentinelOf: [],
        underWay: together.filter((name) => name !== host.name),
    });
    return [...clusterObjections({ facts, runId, going: together }), ...(afterDrain ? opened(facts, host.name) : [])];
}

/** Whoever has cordoned it, this run or a person before (F55). */
function opened({ nodes }: RebootFacts, host: string): Objection[] {
    return nodes
        .filter(({ name, cordoned }) => name === host && !cordoned)
        .map(({ name }) => `node ${name} was uncordoned after its drain had begun: ask who wants it, and why`);
}
