import assert from "node:assert/strict";
import { clusterObjections, objections } from "../../../../../maintenance/actions/reboot/objections";
import { planReboot } from "../../../../../maintenance/actions/reboot/planReboot";
import type { RebootFacts } from "../../../../../maintenance/actions/reboot/rebootFacts";
import type { EtcdMemberView, EtcdView, ServerView } from "../../../../../maintenance/actions/reboot/rebootPorts";
import { sampleNode, samplePod, sampleRebootFacts } from "./sampleRebootFacts";

const etcd = (
    change: (member: EtcdMemberView) => Partial<EtcdMemberView>,
    more: Partial<EtcdView> = {},
): Partial<RebootFacts> => {
    const view = sampleRebootFacts().etcd as EtcdView;
    return { etcd: { ...view, members: view.members.map((member) => ({ ...member, ...change(member) })), ...more } };
};
const nodes = (name: string, change: Parameters<typeof sampleNode>[1]): Partial<RebootFacts> => ({
    nodes: sampleRebootFacts().nodes.map((node) => (node.name === name ? sampleNode(name, change) : node)),
});
const servers = (wanted: string, change: Partial<ServerView>): Partial<RebootFacts> => ({
    balancers: sampleRebootFacts().balancers.map((view) => ({
        ...view,
        servers: view.servers.map((server) =>
            `${server.backend}/${server.host}` === wanted ? { ...server, ...change } : server,
        ),
    })),
});

/** What speaks against each host, and what a person is told. */
const CASES: readonly (readonly [title: string, change: Partial<RebootFacts>, going: string, words: RegExp])[] = [
    [
        "a host that is down",
        { unreachable: { w2: "timed out" } },
        "w1",
        /w2 does not answer SSH \(timed out\): bring it back/,
    ],
    ["etcd without quorum", { etcd: "context deadline exceeded" }, "w1", /etcd does not answer through consensus/],
    [
        "an etcd member that is down",
        etcd(({ host }) => (host === "cp3" ? { unhealthy: "refused" } : {})),
        "w1",
        /member cp3 is not healthy \(refused\)/,
    ],
    ["a learner", etcd(({ host }) => (host === "cp3" ? { learner: true } : {})), "w1", /member cp3 is still a learner/],
    [
        "a member that never started",
        etcd(({ host }) => (host === "cp3" ? { started: false } : {})),
        "w1",
        /never started: remove it/,
    ],
    [
        "a member on no host",
        etcd(({ host }) => (host === "cp3" ? { host: "", started: false } : {})),
        "w1",
        /member cp3, on no host of the inventory/,
    ],
    ["an alarm", etcd(() => ({}), { alarms: ["NOSPACE on cp1"] }), "w1", /alarm \(NOSPACE on cp1\).*alarm disarm/],
    ["no etcd leader", etcd(() => ({}), { leader: undefined }), "w1", /no leader/],
    [
        "a node that is not Ready",
        nodes("w3", { ready: false, notReadyReason: "disk full" }),
        "w1",
        /w3 is not Ready \(disk full\)/,
    ],
    [
        "a node whose Ready is of before its host's boot",
        nodes("w3", { bootId: "boot-0" }),
        "w1",
        /kubelet of w3 has not reported since its boot: see `systemctl status kubelet`/,
    ],
    ["a host without a node", { nodes: sampleRebootFacts().nodes.slice(1) }, "w1", /cp1 has no node/],
    [
        "a node cordoned by somebody",
        nodes("w3", { cordoned: true }),
        "w1",
        /w3 was cordoned by somebody else.*kubectl uncordon w3/,
    ],
    [
        "a node cordoned by another run",
        nodes("w3", { cordoned: true, cordonedByRun: "run-0" }),
        "w1",
        /by run run-0, which has not ended: run `quorate resume`/,
    ],
    [
        "a balancer that does not answer",
        { balancers: [{ balancer: "lb2", unreachable: "no socket", servers: [] }] },
        "w1",
        /lb2 does not answer \(no socket\)/,
    ],
    [
        "no other balancer",
        { balancers: sampleRebootFacts().balancers.slice(0, 1) },
        "lb1",
        /lb1 is the only load balancer that serves/,
    ],
    ["an API server that is down", servers("k8s-api/cp3", { up: false }), "cp1", /k8s-api\/cp3 on lb1 is down/],
    [
        "an ingress server set to maint by somebody",
        servers("ingress-http/cp3", { administrative: "maint" }),
        "w1",
        /ingress-http\/cp3 on lb1 was set to maint by somebody else/,
    ],
    [
        "its own ingress server set to maint by somebody",
        servers("ingress-http/cp1", { administrative: "maint" }),
        "cp1",
        /ingress-http\/cp1 on lb1 was set to maint/,
    ],
    [
        "an ingress that was never installed",
        {
            balancers: sampleRebootFacts().balancers.map((view) => ({
                ...view,
                servers: view.servers.map((server) => ({ ...server, up: server.purpose === "api" })),
            })),
        },
        "w1",
        /no ingress server is up on lb1: install the ingress proxy, or write endpoint.ingress: \[\]/,
    ],
    [
        "a budget that blocks",
        { blocked: [{ pod: samplePod("w1", "a"), budget: "shop/shop", reason: "needs 3" }] },
        "w1",
        /budget shop\/shop blocks pod shop\/a on w1 \(needs 3\): run more replicas/,
    ],
    [
        "too little CPU elsewhere",
        { pods: [samplePod("w1", "a", { requests: { cpu: 9000, memory: 0 } })] },
        "w1",
        /ask for 9\.0 CPU and the other nodes have 3\.0 CPU free: add a worker/,
    ],
    [
        "a pod too large for any other node",
        { pods: [samplePod("w1", "a", { requests: { cpu: 1600, memory: 0 } })] },
        "w1",
        /pod shop\/a of w1 fits onto no other node/,
    ],
];

describe("before a host is taken out", () => {
    it("nothing speaks against it while all is well", () => {
        for (const { name } of sampleRebootFacts().inventory.hosts) {
            assert.deepEqual(objections({ facts: sampleRebootFacts(), runId: "run-1", going: [name] }), []);
        }
    });

    for (const [title, change, going, words] of CASES) {
        it(`${title} speaks against it, in words that say what to do`, () => {
            const found = objections({ facts: sampleRebootFacts(change), runId: "run-1", going: [going] });
            assert.ok(
                found.some((line) => words.test(line)),
                found.join("\n") || "no objection",
            );
        });
    }

    it("all reasons are told at once", () => {
        const facts = sampleRebootFacts({
            ...etcd(({ host }) => (host === "cp3" ? { unhealthy: "refused" } : {})),
            ...nodes("w3", { cordoned: true }),
        });
        const planned = planReboot(facts, {
            selection: { hosts: ["w1"], roles: [], onlyRequired: false },
            maxParallelWorkers: 1,
            policy: "block",
            runId: "run-1",
        });
        assert.ok(planned.kind === "refused");
        assert.equal(planned.objections.length, 2);
    });

    it("two voters never go together, nor the one that quorum needs", () => {
        const facts = sampleRebootFacts(etcd(({ host }) => (host === "cp3" ? { unhealthy: "refused" } : {})));
        assert.match(
            clusterObjections({ facts, runId: "r", going: ["cp1"] }).join(),
            /1 of 3 etcd voters are healthy and quorum needs 2/,
        );
        assert.match(
            clusterObjections({ facts: sampleRebootFacts(), runId: "r", going: ["cp1", "cp2"] }).join(),
            /cp1 and cp2 would be out together/,
        );
    });

    it("a person's cordon on the one host that goes is no reason: it stays theirs (F55)", () => {
        const facts = sampleRebootFacts(nodes("w1", { cordoned: true }));
        assert.deepEqual(objections({ facts, runId: "run-1", going: ["w1"] }), []);
    });

    for (const [whose, cordonedByRun] of [
        ["by this run", "run-1"],
        ["by a person (F55)", undefined],
    ] as const) {
        it(`a node that was cordoned ${whose} and is on its way is no reason`, () => {
            const facts = sampleRebootFacts(nodes("w3", { cordoned: true, cordonedByRun, ready: false }));
            assert.deepEqual(clusterObjections({ facts, runId: "run-1", going: ["w1", "w3"] }), []);
        });

        it(`a node that was cordoned ${whose} and is not Ready is a reason before anything is touched`, () => {
            const facts = sampleRebootFacts(nodes("w3", { cordoned: true, cordonedByRun, ready: false }));
            const found = objections({ facts, runId: "run-1", going: ["w1", "w3"] });
            assert.match(found.join(), /node w3 is not Ready/);
        });
    }

    it("a node of before its host's boot is no reason while it is on its way, nor where one of the two is not known", () => {
        const unknown = sampleRebootFacts(nodes("w3", { bootId: "" }));
        assert.deepEqual(clusterObjections({ facts: unknown, runId: "run-1", going: ["w1"] }), []);
        const unasked = sampleRebootFacts({ bootIds: { lb1: "boot-2" } });
        assert.deepEqual(clusterObjections({ facts: unasked, runId: "run-1", going: ["w1"] }), []);
        const leaving = sampleRebootFacts({
            ...nodes("w3", { cordoned: true, cordonedByRun: "run-1", bootId: "boot-0" }),
        });
        assert.deepEqual(clusterObjections({ facts: leaving, runId: "run-1", going: ["w1", "w3"] }), []);
    });

    it("a host that goes next and is not Ready is a reason while it is not on its way", () => {
        const facts = sampleRebootFacts(nodes("w3", { ready: false }));
        assert.match(clusterObjections({ facts, runId: "run-1", going: ["w3"] }).join(), /node w3 is not Ready/);
    });
});
