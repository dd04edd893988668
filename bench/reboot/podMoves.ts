/**
 * The least number of pods that must be created anew while these nodes are rebooted one after the other. Each pod leaves its
 * node once. The pods of the node that goes first can only go to nodes that are still to come, and leave those as well: the
 * best start is the node with the fewest. A single node's pods have nowhere to go and come back to it.
 * @param podsByNode pods on each node that may run them, 0 included
 */
export function leastCreations(podsByNode: readonly number[]): number {
    const pods = podsByNode.reduce((sum, count) => sum + count, 0);
    return podsByNode.length < 2 ? pods : pods + Math.min(...podsByNode);
}

/** Pods created beyond the least needed: each is one that moved again without need. */
export function movedTwice(created: number, podsByNode: readonly number[]): number {
    return Math.max(0, created - leastCreations(podsByNode));
}
