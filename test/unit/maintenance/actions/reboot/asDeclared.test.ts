import assert from "node:assert/strict";
import { objections } from "../../../../../maintenance/actions/reboot/objections";
import type { RebootFacts } from "../../../../../maintenance/actions/reboot/rebootFacts";
import type { EtcdView } from "../../../../../maintenance/actions/reboot/rebootPorts";
import { sampleRebootFacts } from "./sampleRebootFacts";

const ETCD = sampleRebootFacts().etcd as EtcdView;
const unknownMember: EtcdView = {
    ...ETCD,
    members: ETCD.members.map((member) => (member.host === "cp3" ? { ...member, host: "" } : member)),
};
const without = (gone: string): Partial<RebootFacts> => ({
    balancers: sampleRebootFacts().balancers.map((view) => ({
        ...view,
        servers: view.servers.filter(({ backend, host }) => `${backend}/${host}` !== gone),
    })),
});
const withoutMember = (gone: string): EtcdView => {
    const view = sampleRebootFacts().etcd as EtcdView;
    return { ...view, members: view.members.filter(({ host }) => host !== gone) };
};

/** What of the cluster is not as the inventory declares it, and what a person is told. */
const CASES: readonly (readonly [title: string, change: Partial<RebootFacts>, words: RegExp])[] = [
    [
        "a healthy member on no host",
        { etcd: unknownMember },
        /etcd member cp3 is on no control plane of the inventory: declare its host, or remove it/,
    ],
    ["a control plane without a member", { etcd: withoutMember("cp3") }, /etcd has no member on cp3: run `pulumi up`/],
    [
        "an address that nobody has, or several have",
        { addressOwner: undefined },
        /nobody has the virtual address 10.89.0.10, or several load balancers have: see `journalctl -u keepalived`.*protocol 112/,
    ],
    [
        "a balancer that lacks a server of the inventory",
        without("k8s-api/cp2"),
        /the balancer on lb1 has no server k8s-api\/cp2: run `pulumi up`/,
    ],
];

describe("a cluster that is not as declared", () => {
    for (const [title, change, words] of CASES) {
        it(`${title} speaks against a reboot, in words that say what to do`, () => {
            const found = objections({ facts: sampleRebootFacts(change), runId: "run-1", going: ["w1"] });
            assert.match(found.join("\n"), words);
        });
    }

    it("what a balancer that goes itself lacks is no reason: it reads its configuration at its boot", () => {
        const [lb1, lb2] = sampleRebootFacts().balancers;
        const [, old] = without("k8s-api/cp2").balancers!;
        assert.deepEqual(
            objections({ facts: sampleRebootFacts({ balancers: [lb1!, old!] }), runId: "r", going: ["lb2"] }),
            [],
        );
        const unknown = { ...lb2!, unreachable: "no socket", servers: [] };
        const found = objections({
            facts: sampleRebootFacts({ balancers: [lb1!, unknown] }),
            runId: "r",
            going: ["w1"],
        });
        assert.equal(found.length, 1);
    });

    it("an address is nobody's matter where clients dial balancers of one's own", () => {
        const { inventory } = sampleRebootFacts();
        const endpoint = { ...inventory.endpoint, kind: "external" as const };
        const facts = sampleRebootFacts({ inventory: { ...inventory, endpoint }, addressOwner: undefined });
        assert.deepEqual(objections({ facts, runId: "r", going: ["w1"] }), []);
    });
});
