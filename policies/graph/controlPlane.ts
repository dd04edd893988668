import { Duration } from "../../model/duration";
import type { HostText } from "./commands";

/** A member's name and peer address, as etcd's `initial-cluster` has them; 2380 is etcd's registered port for peers. */
const MEMBER = /(?<![\w-])[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?=https?:\/\/[^\s,'"=]+:2380(?!\d)/g;
/** Between a flag's name and its value: on a command line, in a map, or as kubeadm's list of names and values. */
const SAYS = /["']?(?:\s*[:=]\s*|,?\s+value:\s*|\s+)["']?/.source;
const EXISTING = new RegExp(`initial-cluster-state${SAYS}existing`);
const SHUTDOWN_DELAY = new RegExp(`shutdown-delay-duration${SAYS}(\\d[\\dhms]*)`, "g");
const API_SERVER = /kind:\s*["']?ClusterConfiguration\b|kube-apiserver\b[^]*--etcd-servers/;

/**
 * Names of the etcd members that a text founds a cluster of, in order; empty when it founds none. A list for a member that
 * joins an existing cluster is left out: it is even while one is on its way.
 */
export function foundingMembers({ text }: HostText): readonly string[] {
    if (EXISTING.test(text)) return [];
    const names = [...text.matchAll(MEMBER)].map(([member]) => member.slice(0, member.indexOf("=")));
    return [...new Set(names)].sort();
}

/**
 * How long a stopping API server goes on serving, after the settings in a text: the shortest that is said, no time when an
 * API server is configured without (kube-apiserver's default); undefined when the text configures none.
 */
export function shutdownDelay({ text }: HostText): Duration | undefined {
    const said = [...text.matchAll(SHUTDOWN_DELAY)].map(([, duration = ""]) => parsed(duration));
    const known = said.filter((duration) => duration !== undefined);
    if (said.length > known.length) return undefined;
    if (known.length === 0) return API_SERVER.test(text) ? Duration.seconds(0) : undefined;
    return known.reduce((shortest, duration) => (shortest.isLongerThan(duration) ? duration : shortest));
}

function parsed(duration: string): Duration | undefined {
    try {
        return Duration.parse(duration);
    } catch {
        return undefined;
    }
}
