import { Duration } from "../../../model/duration";
import { errorLine } from "../../workflow/errorLine";
import type { Phase } from "../../workflow/phase";
import { RefusedError } from "../../workflow/refusedError";
import { DeadlineError, until } from "../../workflow/until";
import { gatherRebootFacts } from "./gatherRebootFacts";
import { clusterObjections } from "./objections";
import type { RebootScope } from "./rebootScope";

/** What has just come back needs a moment to settle; what stays wrong longer is a reason not to go on. */
const SETTLE = Duration.seconds(60);
const INTERVAL = Duration.milliseconds(500);

/**
 * The cluster can do without the host now. Asked before it is touched and again after its drain, which may have lasted
 * minutes (TRAPS 2).
 */
export function gate(name: string): Phase<RebootScope> {
    return {
        name,
        title: ({ host }) => `check that the cluster can do without ${host.name}`,
        deadline: () => SETTLE,
        async run(scope) {
            try {
                await until({
                    what: `the cluster to be whole without ${scope.host.name}`,
                    deadline: SETTLE,
                    interval: INTERVAL,
                    clock: scope.ports.clock,
                    observe: () => found(scope).catch((error: unknown) => [`it cannot be asked (${errorLine(error)})`]),
                    satisfied: (objections) => objections.length === 0,
                    describe: (objections) => objections.join("; "),
                    report: (line) => scope.progress.report(line),
                });
            } catch (error) {
                if (!(error instanceof DeadlineError)) throw error;
                throw new RefusedError(
                    `reboot of ${scope.host.name}`,
                    [error.lastObservation],
                    "the host was put back as it was; run `quorate reboot` again when this is mended",
                );
            }
        },
    };
}

async function found({ inventory, ports, host, together, runId }: RebootScope): Promise<string[]> {
    const facts = await gatherRebootFacts(inventory, ports, {
        drained: [],
        sentinelOf: [],
        underWay: together.filter((name) => name !== host.name),
    });
    return clusterObjections({ facts, runId, going: together });
}
