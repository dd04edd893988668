import assert from "node:assert/strict";
import { CHECKS, runChecks } from "../../../../maintenance/checks/checks";
import { sentence } from "../../../../maintenance/checks/finding";
import { answered, unanswered } from "../../../../maintenance/facts/answer";
import type { ClusterFacts, Observation } from "../../../../maintenance/facts/clusterFacts";
import { observation, sampleServer } from "../../../fakes/sampleFacts";
import { days, etcd, kubernetes, type Change } from "./changes";
import { endpointCases } from "./endpointCases";
import { etcdCases } from "./etcdCases";
import { hostCases } from "./hostCases";
import { kubernetesCases } from "./kubernetesCases";

const CASES = [...hostCases, ...etcdCases, ...endpointCases, ...kubernetesCases];

describe("the checks", () => {
    it("find nothing in a healthy cluster", () => {
        assert.deepEqual(runChecks(observation()), []);
    });

    for (const { check, when, change, severity, says } of CASES) {
        it(`${check} finds that ${when}`, () => {
            const findings = runChecks(observation(change)).filter((finding) => finding.check === check);
            assert.deepEqual(
                findings.map((finding) => finding.severity),
                [severity],
            );
            assert.match(findings.map(sentence).join(), says);
        });
    }

    it("all have a failing case here", () => {
        const tested = new Set([...CASES.map(({ check }) => check)]);
        assert.deepEqual(
            CHECKS.map(({ name }) => name).filter((name) => !tested.has(name)),
            [],
        );
    });
});

describe("etcd health", () => {
    const healthOf = (change: Change) =>
        runChecks(observation(change))
            .filter(({ check }) => check === "etcd-health")
            .map(sentence);
    const sick = (...hosts: string[]) =>
        etcd(({ health }) => ({
            health: {
                ...health,
                ...Object.fromEntries(hosts.map((host) => [host, answered({ healthy: false, reason: "deadline" })])),
            },
        }));

    it("names the member and what more may fail", () => {
        const [member, quorum] = healthOf(sick("cp3"));
        assert.match(member ?? "", /^cp3: its etcd member does not answer a linearizable read \(deadline\)/);
        assert.match(quorum ?? "", /2 of 3 voters are known to be healthy; one more failure loses quorum/);
    });

    it("says when quorum is lost", () => {
        const findings = healthOf(sick("cp2", "cp3"));
        assert.match(findings.at(-1) ?? "", /quorum is lost: 1 of 3 voters are healthy and 2 are needed/);
    });

    it("counts the member of a host that does not answer", () => {
        const findings = healthOf((facts) => ({
            units: { ...facts.units, cp3: unanswered("no SSH") },
            etcd: { ...facts.etcd, health: { ...facts.etcd.health, cp3: unanswered("no SSH") } },
        }));
        assert.equal(findings.length, 1);
        assert.match(findings[0] ?? "", /2 of 3 voters/);
    });
});

describe("a dead host", () => {
    const dead = ({ units, certificates, balancers }: ClusterFacts): Partial<ClusterFacts> => ({
        units: { ...units, lb1: unanswered("no SSH"), cp1: unanswered("no SSH") },
        certificates: { ...certificates, cp1: unanswered("no SSH") },
        balancers: { ...balancers, lb1: unanswered("no SSH") },
    });

    it("is told once, not by every question that it left open", () => {
        assert.deepEqual(
            runChecks(observation(dead)).map(({ check, subject }) => `${check} ${subject}`),
            ["hosts-reachable lb1", "hosts-reachable cp1"],
        );
    });
});

describe("ingress frontends before there is an ingress proxy", () => {
    const without = ({ balancers }: ClusterFacts): Partial<ClusterFacts> => ({
        balancers: {
            ...balancers,
            lb1: answered([
                ...["cp1", "cp2", "cp3"].map((name) => sampleServer("k8s-api", name)),
                ...["cp1", "cp2", "cp3"].map((name) =>
                    sampleServer("ingress-http", name, { operational: "down", lastCheck: "L4CON" }),
                ),
            ]),
        },
    });

    it("are a warning and no problem", () => {
        const findings = runChecks(observation(without));
        assert.deepEqual(
            findings.map(({ severity }) => severity),
            ["warning"],
        );
        assert.match(
            findings.map(sentence).join(),
            /^backend ingress-http: no server is up on lb1; expected an ingress proxy/,
        );
    });
});

describe("findings", () => {
    it("come with problems before warnings", () => {
        const both: Observation = observation((facts) => ({
            ...kubernetes(({ nodes }) => ({ nodes: nodes.map((node) => ({ ...node, cordoned: node.name === "w1" })) }))(
                facts,
            ),
            certificates: { ...facts.certificates, cp1: answered([{ path: "/x.crt", notAfter: days(-2) }]) },
        }));
        assert.deepEqual(
            runChecks(both).map(({ severity }) => severity),
            ["problem", "warning"],
        );
    });
});
