import assert from "node:assert/strict";
import { answered, unanswered } from "../../../../maintenance/facts/answer";
import type { ClusterFacts } from "../../../../maintenance/facts/clusterFacts";
import { colours, noColours, paintFor } from "../../../../maintenance/report/paint";
import { statusReport } from "../../../../maintenance/report/statusReport";
import { statusTable } from "../../../../maintenance/report/statusTable";
import { observation, sampleMember, sampleServer } from "../../../fakes/sampleFacts";

const withDeadHost = ({ units, etcd, apiServers }: ClusterFacts): Partial<ClusterFacts> => ({
    units: { ...units, cp2: unanswered("cp2: no SSH at 10.89.0.22:22: timed out") },
    etcd: {
        ...etcd,
        health: { ...etcd.health, cp2: unanswered("no SSH") },
        status: { ...etcd.status, cp2: unanswered("no SSH") },
    },
    apiServers: { ...apiServers, direct: { ...apiServers.direct, cp2: unanswered("no answer within 6s") } },
});

function lineOf(text: string, start: string): string {
    return text.split("\n").find((line) => line.trimStart().startsWith(start)) ?? "";
}

describe("the status report", () => {
    it("of a healthy cluster says so and has no findings", () => {
        const report = statusReport(observation());
        assert.equal(report.healthy, true);
        assert.deepEqual(report.findings, []);
    });

    it("keeps the shape that programs read", () => {
        const report = statusReport(observation());
        assert.deepEqual(Object.keys(report), [
            "schemaVersion",
            "cluster",
            "observedAt",
            "healthy",
            "findings",
            "hosts",
            "etcd",
            "apiServers",
            "balancerServers",
            "virtualAddress",
            "leases",
            "nodes",
            "versions",
            "certificates",
            "daemonSets",
        ]);
        assert.equal(report.schemaVersion, 1);
        assert.deepEqual(report.etcd[0], {
            host: "cp1",
            name: "cp1",
            id: "a1",
            role: "leader",
            healthy: true,
            reason: "",
            revision: 41_000,
            revisionLag: 0,
            databaseBytes: 20_971_520,
            databaseBytesInUse: 10_485_760,
            version: "3.6.16",
            alarms: [],
        });
        assert.deepEqual(report.leases[0], {
            name: "kube-scheduler",
            holder: "cp2",
            ageSeconds: 2,
            durationSeconds: 15,
        });
        assert.deepEqual(report.virtualAddress, { address: "10.89.0.10", owners: ["lb1"] });
        assert.equal(report.apiServers.length, 6);
        assert.equal(report.balancerServers.length, 12);
        assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
    });

    it("gives findings their check and their sentence", () => {
        const [finding] = statusReport(observation(withDeadHost)).findings;
        assert.equal(finding?.check, "hosts-reachable");
        assert.equal(finding?.severity, "problem");
        assert.match(finding?.message ?? "", /^cp2: no SSH at .*; expected SSH as root at 10\.89\.0\.22:22; look at/);
    });

    it("stays healthy with warnings alone", () => {
        const report = statusReport(
            observation(({ balancers }) => ({
                balancers: {
                    ...balancers,
                    lb2: answered([
                        ...["cp1", "cp2", "cp3"].map((name) => sampleServer("k8s-api", name)),
                        ...["cp1", "cp2", "cp3"].map((name) =>
                            sampleServer("ingress-http", name, { operational: "down" }),
                        ),
                    ]),
                },
            })),
        );
        assert.equal(report.healthy, true);
        assert.equal(report.findings.length, 1);
    });

    it("tells the declared members when nobody tells the live ones", () => {
        const report = statusReport(
            observation(({ etcd }) => ({ etcd: { ...etcd, members: { cp1: unanswered("exit status 1") } } })),
        );
        assert.deepEqual(
            report.etcd.map(({ host, role }) => [host, role]),
            [
                ["cp1", "unknown"],
                ["cp2", "unknown"],
                ["cp3", "unknown"],
            ],
        );
    });

    it("tells members that are not declared, and nodes that are missing", () => {
        const report = statusReport(
            observation(({ etcd, kubernetes }) => {
                assert.ok(kubernetes.answered);
                return {
                    etcd: { ...etcd, members: { cp1: answered([sampleMember("cp1"), sampleMember("cp9")]) } },
                    kubernetes: answered({ ...kubernetes.value, nodes: kubernetes.value.nodes.slice(1) }),
                };
            }),
        );
        assert.deepEqual(
            report.etcd.map(({ host, name }) => [host, name]),
            [
                ["cp1", "cp1"],
                [null, "cp9"],
            ],
        );
        assert.deepEqual(
            report.nodes.filter(({ present }) => !present).map(({ name }) => name),
            ["cp1"],
        );
    });
});

describe("the status tables", () => {
    it("show every section of a healthy cluster, and the verdict last", () => {
        const text = statusTable(statusReport(observation()), noColours);
        for (const title of [
            "Hosts",
            "etcd",
            "API servers",
            "Balancer servers",
            "Leaders",
            "Nodes",
            "Versions",
            "Certificates",
            "DaemonSets",
        ]) {
            assert.match(text, new RegExp(`^${title}`, "m"));
        }
        assert.doesNotMatch(text, /Findings|PROBLEM|\u001b/);
        assert.equal(text.split("\n").at(-1), "cluster sample is healthy (2026-11-21T12:00:00.000Z)");
    });

    it("line columns up", () => {
        const lines = statusTable(statusReport(observation()), noColours).split("\n");
        assert.equal(lines[1], "  host  role           address     ssh  services");
        assert.equal(lines[2], "  lb1   load-balancer  10.89.0.11  ok   haproxy, keepalived");
    });

    it("name what is wrong, in the row and as a sentence", () => {
        const text = statusTable(statusReport(observation(withDeadHost)), noColours);
        assert.match(lineOf(text, "cp2   control-plane"), /no answer\s+-$/);
        assert.match(text, /^PROBLEM cp2: no SSH/m);
        assert.match(text.split("\n").at(-1) ?? "", /^cluster sample is not healthy: 3 problems \(/);
    });

    it("show each server on every balancer side by side", () => {
        const text = statusTable(
            statusReport(
                observation(({ balancers }) => ({
                    balancers: {
                        ...balancers,
                        lb2: answered([
                            sampleServer("k8s-api", "cp1", { operational: "down", lastCheck: "L4TOUT" }),
                            sampleServer("k8s-api", "cp2", {
                                administrative: "maint",
                                operational: "down",
                                sessions: 0,
                            }),
                        ]),
                    },
                })),
            ),
            noColours,
        );
        assert.match(lineOf(text, "k8s-api/cp1"), /up, 3 sessions\s+down \(L4TOUT\)$/);
        assert.match(lineOf(text, "k8s-api/cp2"), /up, 3 sessions\s+maint, 0 sessions$/);
        assert.match(lineOf(text, "k8s-api/cp3"), /up, 3 sessions\s+missing$/);
    });

    it("tell versions that differ by host", () => {
        const text = statusTable(
            statusReport(
                observation(({ apiServers }) => ({
                    apiServers: { ...apiServers, versions: { ...apiServers.versions, cp3: answered("v1.35.4") } },
                })),
            ),
            noColours,
        );
        assert.match(lineOf(text, "kube-apiserver"), /v1\.36\.3\s+v1\.36\.3 on 2 hosts; v1\.35\.4 on cp3$/);
    });

    it("colour words only for a terminal that wants it", () => {
        assert.equal(paintFor({ isTTY: true }, {}), colours);
        assert.equal(paintFor({ isTTY: true }, { NO_COLOR: "" }), colours);
        assert.equal(paintFor({ isTTY: true }, { NO_COLOR: "1" }), noColours);
        assert.equal(paintFor({}, {}), noColours);
        assert.match(statusTable(statusReport(observation()), colours), /\u001b\[32mhealthy/);
    });
});
