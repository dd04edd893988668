import assert from "node:assert/strict";
import { answered } from "../../../../maintenance/facts/answer";
import type { ClusterFacts } from "../../../../maintenance/facts/clusterFacts";
import type { KubernetesFacts } from "../../../../maintenance/ports/kubernetes";
import { NOW, sampleMember, sampleServer, sampleStatus } from "../../../fakes/sampleFacts";

/** What a test changes in the facts of a healthy cluster. */
export type Change = (facts: ClusterFacts) => Partial<ClusterFacts>;

/** A change and the one finding that it must bring. */
export interface Case {
    readonly check: string;
    readonly when: string;
    readonly change: Change;
    readonly severity: "problem" | "warning";
    /** Matched against the sentence of exactly one finding of that check. */
    readonly says: RegExp;
}

export const days = (count: number) => new Date(NOW.getTime() + count * 24 * 3600 * 1000);
export const readiness = {
    status: 200,
    answer: "ok",
    milliseconds: 9,
    certificateProblem: "",
    certificateNotAfter: days(300),
};

export const etcd =
    (change: (facts: ClusterFacts["etcd"]) => Partial<ClusterFacts["etcd"]>): Change =>
    (facts) => ({
        etcd: { ...facts.etcd, ...change(facts.etcd) },
    });
export const members = (...list: ReturnType<typeof sampleMember>[]): Change =>
    etcd(() => ({ members: { cp1: answered(list) } }));
export const status = (host: string, change: Parameters<typeof sampleStatus>[1]): Change =>
    etcd((facts) => ({ status: { ...facts.status, [host]: answered(sampleStatus(host, change)) } }));
export const api =
    (change: (facts: ClusterFacts["apiServers"]) => Partial<ClusterFacts["apiServers"]>): Change =>
    (facts) => ({
        apiServers: { ...facts.apiServers, ...change(facts.apiServers) },
    });
export const kubernetes =
    (change: (facts: KubernetesFacts) => Partial<KubernetesFacts>): Change =>
    (facts) => {
        assert.ok(facts.kubernetes.answered);
        return { kubernetes: answered({ ...facts.kubernetes.value, ...change(facts.kubernetes.value) }) };
    };
export const server =
    (host: string, changed: ReturnType<typeof sampleServer>): Change =>
    (facts) => {
        const before = facts.balancers[host];
        assert.ok(before?.answered);
        const others = before.value.filter(({ backend, name }) => backend !== changed.backend || name !== changed.name);
        return { balancers: { ...facts.balancers, [host]: answered([...others, changed]) } };
    };
export const noServer =
    (host: string, backend: string, name: string): Change =>
    (facts) => {
        const before = facts.balancers[host];
        assert.ok(before?.answered);
        return {
            balancers: {
                ...facts.balancers,
                [host]: answered(before.value.filter((one) => one.backend !== backend || one.name !== name)),
            },
        };
    };
