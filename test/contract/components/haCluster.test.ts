import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { HaCluster } from "../../../components/cluster/haCluster";
import { parseInventory } from "../../../model/inventory";
import { KUBECONFIG, LOCAL, REMOTE, SECRETS, commands, record, usual } from "./support/recordedCluster";
import { type RecordedProgram, settled } from "./support/recordedProgram";

describe("the resources of a cluster", () => {
    let program: RecordedProgram;
    let cluster: HaCluster;
    before(async () => {
        ({ program, cluster } = await usual());
    });

    it("are few: a handful for each host and some for the whole", () => {
        const count = (suffix: string) => [...program.resources.keys()].filter((name) => name.endsWith(suffix)).length;
        assert.deepEqual(
            {
                accept: count("-accept"),
                prepare: count("-prepare"),
                artifacts: count("-artifacts"),
                runtime: count("-runtime"),
                balancers: count("-load-balancer"),
                identity: count("-identity"),
                found: count("-found"),
                member: count("-member"),
                finalize: count("-finalize"),
                join: count("-joined"),
                departures: count("-departure"),
                founding: program.ofType(LOCAL).length - count("-departure"),
            },
            {
                accept: 8,
                prepare: 8,
                artifacts: 6,
                runtime: 6,
                balancers: 2,
                identity: 3,
                found: 3,
                member: 3,
                finalize: 3,
                join: 3,
                departures: 9,
                founding: 1,
            },
        );
        assert.equal(program.ofType(REMOTE).length, 8 + 8 + 6 + 6 + 2 + 3 * 5 + 7);
    });

    it("all belong to the cluster, through components of ours", () => {
        const [whole, ...components] = program.components;
        assert.deepEqual([whole?.type, whole?.name, whole?.parent], ["quorate:index:HaCluster", "sample", undefined]);
        for (const { name, type, parent } of components) {
            assert.ok(parent, name);
            assert.match(type, /^quorate:index:[A-Z]\w+$/);
        }
        for (const { name, parent } of program.resources.values()) assert.ok(parent, name);
        assert.equal(program.get("cp1-found").parent, "sample-control-plane");
        assert.equal(program.get("w1-joined").parent, "sample-pool-default");
        assert.equal(program.get("lb1-prepare").parent, "lb1");
        assert.equal(program.get("sample-verify").parent, "sample");
    });

    it("have no delete, environment or previous output on hosts (TRAPS 57 to 59)", () => {
        assert.ok(program.ofType(REMOTE).length > 0);
        for (const { name, inputs } of program.ofType(REMOTE)) {
            for (const forbidden of ["delete", "update", "environment", "triggers"]) {
                assert.ok(!(forbidden in inputs), `${name} has ${forbidden}`);
            }
        }
        for (const { name, inputs } of commands(program)) assert.equal(inputs["addPreviousOutputInEnv"], false, name);
    });

    it("export an inventory that quorate reads, without secrets", async () => {
        assert.equal(await pulumi.isSecret(cluster.inventory), false);
        const inventory = await settled(cluster.inventory);
        assert.equal(parseInventory(inventory).caHash, "sha256:0a");
        for (const secret of SECRETS) assert.ok(!JSON.stringify(inventory).includes(secret));
    });

    it("export the administrator's kubeconfig as a secret", async () => {
        assert.equal(await pulumi.isSecret(cluster.kubeconfig), true);
        assert.equal(await settled(cluster.kubeconfig), KUBECONFIG);
    });

    it("are the same in a preview, when nothing is known yet", async () => {
        const preview = await record(undefined, { preview: true });
        assert.deepEqual([...preview.program.resources.keys()].sort(), [...program.resources.keys()].sort());
        assert.equal(preview.program.components.length, program.components.length);
        assert.equal(await pulumi.isSecret(preview.cluster.inventory), false);
    });
});
