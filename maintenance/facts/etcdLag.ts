import { valueOf } from "./answer";
import type { EtcdFacts } from "./clusterFacts";

/**
 * How many revisions the host's member is behind the newest one seen. The members are asked at slightly different moments,
 * so a busy cluster shows a small lag that is none.
 */
export function revisionLag(etcd: EtcdFacts, host: string): number | undefined {
    const own = valueOf(etcd.status[host])?.revision;
    if (own === undefined) return undefined;
    const all = Object.values(etcd.status).flatMap((answer) => (answer.answered ? [answer.value.revision] : []));
    return Math.max(...all) - own;
}
