import assert from "node:assert/strict";
import { plainApplication, plainObjects } from "../../../bench/reboot/plainApplication";
import { WAYS, handHosts, handPlan, wayNames } from "../../../bench/reboot/ways";
import { sampleInventory } from "../../fakes/sampleCluster";

describe("the ways of the reboot bench", () => {
    it("by hand take workers, then control planes, and no balancer", () => {
        assert.deepEqual(handHosts(sampleInventory()), ["w1", "w2", "w3", "cp1", "cp2", "cp3"]);
    });

    it("pause between hosts and not after the last one", () => {
        assert.deepEqual(handPlan(["drain", "pause"], ["w1", "w2"]), [
            { host: "w1", steps: ["drain", "pause"] },
            { host: "w2", steps: ["drain"] },
        ]);
    });

    it("differ in what they are meant to differ", () => {
        const [a, b, c] = (["a", "b", "c"] as const).map((way) => WAYS[way].steps ?? []);
        assert.deepEqual(
            b!.filter((step) => !a!.includes(step)),
            ["leave-ingress", "enter-ingress"],
        );
        assert.equal(b![0], "leave-ingress");
        assert.ok(b!.indexOf("enter-ingress") > b!.indexOf("uncordon"));
        assert.ok(a!.includes("fixed-wait") && !a!.includes("await-node"));
        assert.ok(c!.includes("await-node") && !c!.includes("fixed-wait") && !c!.includes("leave-ingress"));
        assert.equal(WAYS.d.steps, undefined);
        assert.deepEqual(
            wayNames.map((way) => WAYS[way].application),
            ["plain", "plain", "web", "web"],
        );
    });
});

describe("the plain application of the reboot bench", () => {
    const objects = plainObjects(plainApplication) as {
        kind: string;
        metadata: { name: string; namespace?: string };
    }[];

    it("has neither a budget nor a preStop hook", () => {
        assert.deepEqual(
            objects.map(({ kind }) => kind),
            ["Namespace", "Deployment", "Service", "Ingress"],
        );
        assert.ok(!JSON.stringify(objects).includes("preStop"));
    });

    it("lives in a namespace of its own", () => {
        const { namespace } = plainApplication;
        assert.equal(objects[0]!.metadata.name, namespace);
        assert.ok(objects.slice(1).every(({ metadata }) => metadata.namespace === namespace));
    });
});
