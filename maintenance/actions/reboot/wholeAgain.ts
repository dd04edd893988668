import { Duration } from "../../../model/duration";
import { inventoryHosts, type ClusterInventory } from "../../../model/inventory";
import { errorLine } from "../../workflow/errorLine";
import { DeadlineError, until } from "../../workflow/until";
import { LOOK_INTERVAL, SETTLE } from "./gate";
import { gatherRebootFacts } from "./gatherRebootFacts";
import { healthObjections } from "./objections";
import type { TurnContext } from "./rebootTurn";

/** keepalived's own check of HAProxy may succeed so much later than HAProxy serves. */
const CHECK_MILLISECONDS = 1000;
/** Of advertisements that a balancer must miss until it takes the address (RFC 9568, 6.1: 3 and a skew below 1). */
const MISSED_ADVERTISEMENTS = 4;

/**
 * Waits until the cluster is well after the last of these hosts, as the gate of a next one would: a balancer's checks, for
 * example, end after its phases. After a balancer it must stay well so long that one that hears nothing of the others would have
 * taken the address as well (TRAPS 30). What stays wrong has made no difference to reboots that are over: it is returned, in
 * words, and not thrown; empty when all is well. A request to stop ends the wait.
 */
export async function wholeAgain(context: TurnContext, hosts: readonly string[]): Promise<string> {
    const { inventory, ports, stop, reporter } = context;
    const span = steadySpan(inventory, hosts);
    let wellSince: number | undefined;
    let last: readonly string[] = [];
    const isSteady = (objections: readonly string[]) => {
        if (objections.length > 0) wellSince = undefined;
        else wellSince ??= ports.clock.monotonic();
        return wellSince !== undefined && ports.clock.monotonic() - wellSince >= span;
    };
    try {
        await until({
            what: "the cluster to be well after the last host",
            deadline: SETTLE.plus(Duration.milliseconds(span)),
            interval: LOOK_INTERVAL,
            clock: ports.clock,
            observe: async () =>
                (last = await found(context).catch((error: unknown) => [`it cannot be asked (${errorLine(error)})`])),
            satisfied: (objections) => stop.reason !== undefined || isSteady(objections),
            describe: (objections) => objections.join("; "),
            report: (line) => reporter.line(`after the last host: ${line || "the cluster is well"}`),
        });
    } catch (error) {
        if (!(error instanceof DeadlineError)) throw error;
        if (last.length === 0) return `it was never well for ${span} ms together`;
    }
    return last.join("; ");
}

async function found({ inventory, ports, runId }: TurnContext): Promise<string[]> {
    const facts = await gatherRebootFacts(inventory, ports, { drained: [], sentinelOf: [], underWay: [] });
    return healthObjections(facts, runId);
}

function steadySpan(inventory: ClusterInventory, hosts: readonly string[]): number {
    const { kind, advertIntervalMs } = inventory.endpoint;
    const balancers = inventoryHosts(inventory, "load-balancer").filter(({ name }) => hosts.includes(name));
    if (kind === "external" || balancers.length === 0) return 0;
    return CHECK_MILLISECONDS + MISSED_ADVERTISEMENTS * advertIntervalMs;
}
