import assert from "node:assert/strict";
import { AVOIDED_TAINT, CORDONED_BY, openNodeControl } from "../../../maintenance/ports/nodeControl";
import { list, refusal, startRebootApi, type Answer, type Asked, type RebootApi } from "./rebootApi";

interface TestNode {
    metadata: { name: string; resourceVersion: string; annotations: Record<string, string> };
    spec: { unschedulable?: boolean; taints?: { key: string; effect: string }[] };
    status: object;
}

const BOOT = new Date("2026-11-21T12:00:00Z");

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
        return openNodeControl(server.api, () => Promise.resolve(BOOT));
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

    describe("own pods after a boot", () => {
        const pod = (startedAt: string, ready: "True" | "False", change: object = {}) => ({
            metadata: {
                name: "flannel-1",
                namespace: "kube-system",
                uid: "u-1",
                ownerReferences: [{ kind: "DaemonSet", name: "flannel", controller: true, apiVersion: "v1", uid: "d" }],
                ...change,
            },
            spec: { nodeName: "w1", containers: [] },
            status: {
                phase: "Running",
                conditions: [{ type: "Ready", status: ready }],
                containerStatuses: [{ name: "c", state: { running: { startedAt } } }],
            },
        });
        const endpoint = (ready: boolean) => ({
            metadata: { name: "s", namespace: "kube-system" },
            addressType: "IPv4",
            endpoints: [{ addresses: [], conditions: { ready }, targetRef: { uid: "u-1", name: "flannel-1" } }],
        });
        const unready = async (pods: object[], slices: object[] = [], sinceBoot = true) => {
            const cluster = new OneNode(node());
            cluster.others = ({ path }) => {
                if (path === "/api/v1/pods") return list(...pods);
                return path.endsWith("/endpointslices") ? list(...slices) : undefined;
            };
            return (await open(cluster)).unreadyWork("w1", { sinceBoot });
        };
        const before = "2026-11-21T11:59:00Z";
        const after = "2026-11-21T12:00:07Z";

        it("are not ready while they show containers of before", async () => {
            const seen = await unready([pod(before, "True")]);
            assert.deepEqual(seen, ["kube-system/flannel-1 shows its state of before the boot"]);
        });

        it("are ready when they have started since, with their endpoints", async () => {
            assert.deepEqual(await unready([pod(after, "True")], [endpoint(true)]), []);
        });

        it("are waited for while they or their endpoints are not ready, or while they are replaced", async () => {
            assert.match((await unready([pod(after, "False")]))[0] ?? "", /flannel-1 is not ready/);
            await server?.close();
            assert.match((await unready([pod(after, "True")], [endpoint(false)]))[0] ?? "", /no ready endpoint yet/);
            await server?.close();
            const going = pod(after, "True", { deletionTimestamp: after });
            assert.match((await unready([going]))[0] ?? "", /is being replaced/);
        });

        it("are not there when they have ended, until their DaemonSet has made others", async () => {
            const ended = { ...pod(before, "False"), status: { phase: "Failed", reason: "Terminated" } };
            assert.deepEqual(await unready([ended]), ["kube-system/flannel-1 has ended"]);
            await server?.close();
            const other = pod(after, "True", { name: "flannel-2", uid: "u-2" });
            assert.deepEqual(await unready([ended, other]), []);
            await server?.close();
            const annotations = { "kubernetes.io/config.mirror": "" };
            const mirror = (name: string) => pod(after, "True", { name, uid: name, annotations });
            const endedMirror = { ...mirror("etcd-w1"), status: { phase: "Failed" } };
            assert.deepEqual(await unready([endedMirror, mirror("kube-scheduler-w1")]), [
                "kube-system/etcd-w1 has ended",
            ]);
        });

        it("are removed when the shutdown has ended them, and only then", async () => {
            const own = (name: string, status: object, change: object = {}) => ({
                ...pod(after, "True", { name, uid: name, ...change }),
                status,
            });
            const pods = [
                own("terminated", { phase: "Failed", reason: "Terminated" }),
                own("rejected", { phase: "Failed", reason: "NodeShutdown" }),
                own("evicted", { phase: "Failed", reason: "Evicted" }),
                own("running", { phase: "Running" }),
                own(
                    "static",
                    { phase: "Failed", reason: "Terminated" },
                    { annotations: { "kubernetes.io/config.mirror": "" } },
                ),
                own("of-a-job", { phase: "Failed", reason: "Terminated" }, { ownerReferences: [] }),
            ];
            const cluster = new OneNode(node());
            cluster.others = ({ method, path }) => {
                if (path === "/api/v1/pods") return list(...pods);
                return method === "DELETE" ? { body: {} } : undefined;
            };
            const removed = await (await open(cluster)).removeEnded("w1");
            assert.deepEqual(removed, ["kube-system/terminated", "kube-system/rejected"]);
            const deletions = server!.asked.filter(({ method }) => method === "DELETE");
            assert.deepEqual(
                deletions.map(({ path, body }) => [path.split("/").at(-1), body["preconditions"]]),
                [
                    ["terminated", { uid: "terminated" }],
                    ["rejected", { uid: "rejected" }],
                ],
            );
        });

        it("may be of before where no boot is waited for", async () => {
            assert.deepEqual(await unready([pod(before, "True")], [endpoint(true)], false), []);
            await server?.close();
            assert.match((await unready([pod(before, "False")], [], false))[0] ?? "", /flannel-1 is not ready/);
        });

        it("do not count when a drain moves them", async () => {
            assert.deepEqual(await unready([pod(before, "False", { ownerReferences: [] })]), []);
        });
    });
});
