import type { RebootScope } from "../../actions/reboot/rebootScope";
import { evictedBefore } from "./evictedPods";
import { isBack } from "./evictPods";

/**
 * Pods that have come to a drained host, in words: bound to it just before its cordon, or let in by somebody. The reboot would
 * end them without a budget's word. Those that the drain has given up on, or that are back because they tolerate the cordon,
 * have been told; one that kubelet has not taken up yet loses nothing.
 */
export async function cameSince(scope: RebootScope): Promise<string[]> {
    const { host, ports } = scope;
    const known = new Set(evictedBefore(scope).map(({ uid }) => uid));
    const pods = await ports.pods.evictable([host.name]);
    return pods
        .filter((pod) => pod.started && !known.has(pod.uid) && !isBack(scope, pod))
        .map(({ namespace, name }) => `pod ${namespace}/${name} came to ${host.name} after its drain`);
}
