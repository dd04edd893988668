import { inventoryHosts } from "../../model/inventory";
import { valueOf } from "../facts/answer";
import type { Observation } from "../facts/clusterFacts";
import type { LeaseFacts } from "../ports/kubernetes";
import { problem, type Check, type Finding } from "./finding";

/** Renewals are stamped by the holder's clock and read by ours; twice the duration leaves room between them. */
const GRACE_FACTOR = 2;

/** Scheduler and controller-manager each have a leader on a declared control plane that renews its lease. */
export const leases: Check = {
    name: "leases",
    title: "scheduler and controller-manager have a leader",

    findings: (observation) =>
        (valueOf(observation.facts.kubernetes)?.leases ?? []).flatMap((lease) => judge(observation, lease)),
};

/** The host part of a holder's identity `<host>_<uuid>`. */
export function holderHost({ holder }: LeaseFacts): string {
    const underscore = holder.lastIndexOf("_");
    return underscore < 0 ? holder : holder.slice(0, underscore);
}

/** Seconds since the last renewal, never negative; undefined before the first one. */
export function leaseAge(lease: LeaseFacts, now: Date): number | undefined {
    if (lease.renewedAt === undefined) return undefined;
    return Math.max(0, Math.round((now.getTime() - lease.renewedAt.getTime()) / 1000));
}

function judge({ inventory, facts }: Observation, lease: LeaseFacts): Finding[] {
    const expected = `a holder on a control plane, renewed within ${lease.durationSeconds} s`;
    const fault = (found: string, next: string) => [problem({ subject: lease.name, found, expected, next })];
    const age = leaseAge(lease, facts.observedAt);
    if (lease.holder === "" || age === undefined) {
        return fault("nobody holds its lease", `read the logs of the ${lease.name} static pods on the control planes`);
    }
    const host = holderHost(lease);
    if (!inventoryHosts(inventory, "control-plane").some(({ name }) => name === host)) {
        return fault(
            `its lease is held by ${lease.holder}`,
            "find out what else runs it; only declared control planes should",
        );
    }
    if (age <= lease.durationSeconds * GRACE_FACTOR) return [];
    return fault(
        `${host} holds its lease but has not renewed it for ${age} s`,
        `look at the ${lease.name} static pods on every control plane`,
    );
}
