import assert from "node:assert/strict";
import { AVOIDED_TAINT, CORDONED_BY, openNodeControl } from "../../../maintenance/ports/nodeControl";
import { list, refusal, startRebootApi, type Answer, type Asked, type RebootApi } from "./rebootApi";

interface TestNode {
    metadata: { name: string; resourceVersion: string; annotations: Record<string, string> };
    spec: { unschedulable?: boolean; taints?: { key: string; effect: string }[] };
    status: object;
}

function node(change: Partial<TestNode["spec"]> = {}, annotations: Record<string, string> = {}): TestNode {
    return {
        metadata: { name: "w1", resourceVersion: "1", annotations },
        spec: { ...change },
        status: {
            conditions: [{ type: "Ready", status: "True" }],
            nodeInfo: { bootID: "b-1", kubeletVersion: "v1.36.3" },
            allocatable: { cpu: "2", memory: "1Gi" },
            volumesAttached: [{ name: "kubernetes.io/csi/pv-1", devicePath: "" }],
        },
    };
}

/** A server that keeps one node and merges patches into it, as the API does. */
class OneNode {
    others: ((asked: Asked) => Answer | undefined) | undefined;
    conflicts = 0;

    constructor(readonly node: TestNode) {}

    readonly answer = (asked: Asked): Answer => {
        const other = this.others?.(asked);
        if (other !== undefined) return other;
        if (asked.path === "/api/v1/pods") return list();
        if (asked.path !== "/api/v1/nodes/w1") return refusal(404, "not found");
        if (asked.method === "PATCH") {
            if (this.conflicts-- > 0) return refusal(409, "the object has been modified");
            const { metadata = {}, spec = {} } = asked.body as { metadata?: { annotations?: object }; spec?: object };
            for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
                if (value === null) delete this.node.metadata.annotations[key];
                else this.node.metadata.annotations[key] = value as string;
            }
            Object.assign(this.node.spec, spec);
        }
        return { body: this.node };
    };
}

describe("nodes over the Kubernetes API", () => {
    let server: RebootApi | undefined;
    afterEach(() => server?.close());

    async function open(cluster: OneNode, deadServers = 0) {
        server = await startRebootApi(cluster.answer, deadServers);
        return openNodeControl(server.api);
    }

    it("cordons in the name of the run, and uncordons what the run has cordoned", async () => {
        const cluster = new OneNode(node());
        const nodes = await open(cluster);
        await nodes.cordon("w1", "run-1");
        assert.equal((await nodes.node("w1"))?.cordonedByRun, "run-1");
        await nodes.cordon("w1", "run-1");
        await nodes.uncordon("w1", "run-1");
        assert.deepEqual([cluster.node.spec.unschedulable, cluster.node.metadata.annotations], [false, {}]);
    });

    it("takes the taint of the cordon away together with it, and no other", async () => {
        const taints = ["dedicated", "node.kubernetes.io/unschedulable"].map((key) => ({ key, effect: "NoSchedule" }));
        const cluster = new OneNode(node({ unschedulable: true, taints }, { [CORDONED_BY]: "run-1" }));
        await (await open(cluster)).uncordon("w1", "run-1");
        assert.deepEqual(cluster.node.spec, { unschedulable: false, taints: [taints[0]] });
    });

    it("leaves a node alone that someone else has cordoned (TRAPS 36)", async () => {
        const cluster = new OneNode(node({ unschedulable: true }));
        const nodes = await open(cluster);
        await nodes.cordon("w1", "run-1");
        await nodes.uncordon("w1", "run-1");
        assert.deepEqual([cluster.node.spec.unschedulable, cluster.node.metadata.annotations], [true, {}]);
        const others = new OneNode(node({ unschedulable: true }, { [CORDONED_BY]: "run-0" }));
        await server?.close();
        await (await open(others)).uncordon("w1", "run-1");
        assert.equal(others.node.spec.unschedulable, true);
    });

    it("writes again on what is there when somebody else wrote in between", async () => {
        const cluster = new OneNode(node());
        cluster.conflicts = 2;
        await (await open(cluster)).cordon("w1", "run-1");
        assert.equal(cluster.node.spec.unschedulable, true);
        const patches = server!.asked.filter(({ method }) => method === "PATCH");
        assert.equal(patches.length, 3);
        assert.equal(patches[0]?.contentType, "application/merge-patch+json");
        assert.equal((patches[0]?.body["metadata"] as { resourceVersion: string }).resourceVersion, "1");
    });

    it("adds and removes its own taint and no other", async () => {
        const foreign = { key: "dedicated", effect: "NoSchedule" };
        const cluster = new OneNode(node({ taints: [foreign] }));
        const nodes = await open(cluster);
        await nodes.setAvoided(["w1"], true);
        await nodes.setAvoided(["w1"], true);
        assert.deepEqual(cluster.node.spec.taints, [foreign, { key: AVOIDED_TAINT, effect: "PreferNoSchedule" }]);
        await nodes.setAvoided(["w1"], false);
        assert.deepEqual(cluster.node.spec.taints, [foreign]);
    });

    it("tells the taints of a node that is not ready from those that people and kubelets have set", async () => {
        const taints = ["dedicated", "not-ready", "unreachable", "network-unavailable", "disk-pressure"].map(
            (name) => ({
                key: `node.kubernetes.io/${name}`,
                effect: "NoExecute",
            }),
        );
        const nodes = await open(new OneNode(node({ taints })));
        assert.deepEqual((await nodes.node("w1"))?.notReadyTaints, [
            "node.kubernetes.io/not-ready",
            "node.kubernetes.io/unreachable",
            "node.kubernetes.io/network-unavailable",
        ]);
    });

    it("asks the next API server when one does not answer, and says so when none does", async () => {
        const nodes = await open(new OneNode(node()), 2);
        assert.equal((await nodes.node("w1"))?.bootId, "b-1");
        await server?.close();
        await assert.rejects(nodes.node("w1"), /no API server answers: .*ECONNREFUSED.*; .*ECONNREFUSED/);
    });

    it("knows no node that is not there", async () => {
        assert.equal(await (await open(new OneNode(node()))).node("w9"), undefined);
    });

    it("has nothing to put back on a node that was deleted, and cannot cordon it", async () => {
        const nodes = await open(new OneNode(node()));
        await nodes.setAvoided(["w9", "w1"], true);
        await nodes.setAvoided(["w9", "w1"], false);
        await nodes.uncordon("w9", "run-1");
        await assert.rejects(nodes.cordon("w9", "run-1"), /404/);
    });

    it("counts volumes in the node's status and attachments", async () => {
        const cluster = new OneNode(node());
        const attachment = (name: string, nodeName: string) => ({
            metadata: { name },
            spec: { nodeName, attacher: "csi", source: { persistentVolumeName: name } },
        });
        cluster.others = ({ path }) =>
            path.endsWith("/volumeattachments") ? list(attachment("pv-2", "w1"), attachment("pv-3", "w2")) : undefined;
        const attached = await (await open(cluster)).volumesAttached("w1");
        assert.deepEqual(attached, ["kubernetes.io/csi/pv-1", "pv-2"]);
    });
});
