import type { ClusterInventory } from "../../model/inventory";
import type { BalancerView, ServerView } from "../actions/reboot/rebootPorts";
import type { LaneValue } from "./laneChanges";
import type { NodeState } from "./laneSources";

/** The state of what was asked for and did not answer. */
export const NO_ANSWER = "no answer";
/** The state of what should be there and is not known to who was asked. */
export const ABSENT = "absent";

/** Each server of each backend as each balancer runs it: `up`, `down`, `drain` or `maint`. Pure. */
export function serverValues(inventory: ClusterInventory, views: readonly BalancerView[]): LaneValue[] {
    return inventory.loadBalancers.flatMap(({ host: balancer, backends }) => {
        const view = views.find((one) => one.balancer === balancer);
        return backends.flatMap(({ name: backend, servers }) =>
            servers.map(({ name: host }) => ({
                subject: `${balancer}/${backend}/${host}`,
                value: view === undefined || view.unreachable !== "" ? NO_ANSWER : inView(view, backend, host),
            })),
        );
    });
}

function inView({ servers }: BalancerView, backend: string, host: string): string {
    const server = servers.find((one) => one.backend === backend && one.host === host);
    return server === undefined ? ABSENT : serverState(server);
}

/** A server in maintenance is not checked, so what people have set comes first. */
function serverState({ administrative, up }: ServerView): string {
    if (administrative !== "ready") return administrative;
    return up ? "up" : "down";
}

/** Each node of the inventory: `Ready`, `Ready, cordoned`, `NotReady` and so on. Pure. */
export function nodeValues(inventory: ClusterInventory, states: readonly NodeState[]): LaneValue[] {
    return nodeNames(inventory).map((subject) => {
        const state = states.find(({ name }) => name === subject);
        return { subject, value: state === undefined ? ABSENT : nodeState(state) };
    });
}

function nodeState({ condition, cordoned }: NodeState): string {
    return cordoned ? `${condition}, cordoned` : condition;
}

/** Hosts that have a node. */
export function nodeNames({ hosts }: ClusterInventory): string[] {
    return hosts.filter(({ role }) => role !== "load-balancer").map(({ name }) => name);
}
