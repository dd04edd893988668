import { inventoryHosts } from "../../model/inventory";
import { revisionLag } from "../facts/etcdLag";
import { valueOf } from "../facts/answer";
import { problem, warning, type Check, type Finding } from "./finding";
import type { Observation } from "../facts/clusterFacts";

/** Entries that etcd keeps for a slow follower; one further behind needs a whole snapshot (etcd's snapshot-catchup-entries). */
const CATCH_UP_ENTRIES = 5000;
/** Part of the quota from which compaction and defragmentation should be looked at; at the whole quota etcd refuses writes. */
const QUOTA_SHARE = 0.8;

/** Databases keep up with the newest revision and stay below their quota. */
export const etcdDatabase: Check = {
    name: "etcd-database",
    title: "every etcd member keeps up and has room",

    findings: (observation) =>
        inventoryHosts(observation.inventory, "control-plane").flatMap(({ name }) => [
            ...lag(observation, name),
            ...quota(observation, name),
        ]),
};

function lag({ facts }: Observation, host: string): Finding[] {
    const behind = revisionLag(facts.etcd, host);
    if (behind === undefined || behind <= CATCH_UP_ENTRIES) return [];
    return [
        problem({
            subject: host,
            found: `its etcd member is ${behind} revisions behind`,
            expected: `at most ${CATCH_UP_ENTRIES}`,
            next: "look at its disk latency and its network to the leader",
        }),
    ];
}

function quota({ facts }: Observation, host: string): Finding[] {
    const status = valueOf(facts.etcd.status[host]);
    if (status === undefined || status.databaseQuotaBytes === 0) return [];
    const share = status.databaseBytes / status.databaseQuotaBytes;
    if (share < QUOTA_SHARE) return [];
    return [
        warning({
            subject: host,
            found: `its etcd database fills ${Math.round(share * 100)} % of the quota`,
            expected: `less than ${QUOTA_SHARE * 100} %`,
            next: "compact and defragment one member after the other, the leader last, or raise etcd.quotaBackendBytes",
        }),
    ];
}
