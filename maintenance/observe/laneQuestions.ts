import { Duration } from "../../model/duration";
import type { ClusterInventory } from "../../model/inventory";
import type { LaneEvent } from "../probe/maintenanceEvents";
import type { LaneValue } from "./laneChanges";
import type { LaneSources } from "./laneSources";
import { NO_ANSWER, nodeNames, nodeValues, serverValues } from "./laneWords";

/** A question that is asked again and again. */
export interface LaneQuestion {
    readonly lane: LaneEvent["lane"];
    /** Pause between an answer and the next question. */
    readonly pause: Duration;
    /** What an answer would be about: all of it gets no answer when the question fails. */
    readonly subjects: readonly string[];
    ask(): Promise<readonly LaneValue[]>;
}

/** Failures are joined with phases, which last a second or longer: finer than that, a state would explain nothing more. */
const PAUSE = Duration.seconds(1);
/** etcdctl is a large program to start and shakes hands over TLS each time; a leader changes once in a host's turn. */
const LEADER_PAUSE = Duration.seconds(2);

/** What is asked of a cluster; nothing of balancers where it has none of its own. */
export function laneQuestions(inventory: ClusterInventory, sources: LaneSources): LaneQuestion[] {
    const { clusterName, endpoint } = inventory;
    const ofBalancers: LaneQuestion[] = [
        {
            lane: "virtual-address",
            pause: PAUSE,
            subjects: [endpoint.address],
            ask: async () => [{ subject: endpoint.address, value: (await sources.addressOwner()) ?? "nobody" }],
        },
        {
            lane: "balancer-server",
            pause: PAUSE,
            subjects: serverValues(inventory, []).map(({ subject }) => subject),
            ask: async () => serverValues(inventory, await sources.balancers()),
        },
    ];
    return [
        ...(inventory.loadBalancers.length === 0 ? [] : ofBalancers),
        {
            lane: "etcd-leader",
            pause: LEADER_PAUSE,
            subjects: [clusterName],
            ask: async () => [{ subject: clusterName, value: (await sources.etcdLeader()) ?? "nobody" }],
        },
        {
            lane: "node",
            pause: PAUSE,
            subjects: nodeNames(inventory),
            ask: async () => nodeValues(inventory, await sources.nodeStates()),
        },
    ];
}

/** Every subject of a question without an answer. */
export function unanswered({ subjects }: LaneQuestion): LaneValue[] {
    return subjects.map((subject) => ({ subject, value: NO_ANSWER }));
}
