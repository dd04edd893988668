import assert from "node:assert/strict";
import type { NodeControl, OwnWork } from "../../../maintenance/actions/reboot/rebootPorts";
import { openNodeControl } from "../../../maintenance/ports/nodeControl";
import { list, startRebootApi, type RebootApi } from "./rebootApi";

const MIRROR = { annotations: { "kubernetes.io/config.mirror": "" } };

function pod(container: string, ready: "True" | "False", change: object = {}) {
    return {
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
            containerStatuses: [{ name: "c", containerID: container }],
        },
    };
}

/** A pod that is not running any more. */
function finished(name: string, status: object, change: object = {}) {
    return { ...pod("c-0", "False", { name, uid: name, ...change }), status: { phase: "Failed", ...status } };
}

const flannel = (generation = 1) => ({ metadata: { name: "flannel", namespace: "kube-system", uid: "d", generation } });

const slice = (ready: boolean) => ({
    metadata: { name: "s", namespace: "kube-system" },
    addressType: "IPv4",
    endpoints: [{ addresses: [], conditions: { ready }, targetRef: { uid: "u-1", name: "flannel-1" } }],
});

describe("a node's own pods over the Kubernetes API", () => {
    let pods: object[];
    let slices: object[];
    let daemonSets: object[];
    let server: RebootApi;
    let nodes: NodeControl;

    beforeEach(async () => {
        pods = [];
        slices = [];
        daemonSets = [flannel()];
        server = await startRebootApi(({ method, path }) => {
            if (method === "DELETE") return { body: {} };
            if (path === "/api/v1/pods") return list(...pods);
            return path.endsWith("/daemonsets") ? list(...daemonSets) : list(...slices);
        });
        nodes = openNodeControl(server.api);
    });
    afterEach(() => server.close());

    /** What is said of these pods. */
    const unready = async (seen: object[], before?: OwnWork) => {
        pods = seen;
        return (await nodes.unreadyWork("w1", before)).join("; ");
    };

    const noted = async (...seen: object[]) => {
        pods = seen;
        return nodes.ownWork("w1");
    };

    it("are its DaemonSets', its static ones and their containers, as long as they run", async () => {
        const work = await noted(
            pod("c-1", "True"),
            pod("c-2", "True", { name: "etcd-w1", ...MIRROR }),
            pod("c-3", "True", { ownerReferences: [] }),
            finished("flannel-0", {}),
        );
        assert.deepEqual(work, {
            daemonSets: [{ name: "kube-system/flannel", uid: "d", generation: 1 }],
            staticPods: ["kube-system/etcd-w1"],
            containers: ["c-1", "c-2"],
        });
    });

    it("are ready with containers of this boot and ready endpoints, whatever the clocks say", async () => {
        slices = [slice(true)];
        assert.equal(await unready([pod("c-2", "True")], await noted(pod("c-1", "True"))), "");
    });

    it("are not ready while they show containers of before", async () => {
        const before = await noted(pod("c-1", "True"));
        assert.equal(
            await unready([pod("c-1", "True")], before),
            "kube-system/flannel-1 shows its state of before the boot",
        );
        assert.equal(await unready([pod("c-1", "True")]), "");
    });

    it("are waited for while they or their endpoints are not ready, or while they are replaced", async () => {
        assert.match(await unready([pod("c-2", "False")]), /flannel-1 is not ready/);
        assert.match(await unready([pod("c-2", "True", { deletionTimestamp: "x" })]), /is being replaced/);
        slices = [slice(false)];
        assert.match(await unready([pod("c-2", "True")]), /no ready endpoint yet/);
    });

    it("are not there when they have ended, until there are others", async () => {
        const ended = finished("flannel-1", { reason: "Terminated" });
        assert.equal(await unready([ended]), "kube-system/flannel-1 has ended");
        assert.equal(await unready([ended, pod("c-2", "True", { name: "flannel-2", uid: "u-2" })]), "");
        const scheduler = pod("c-2", "True", { name: "kube-scheduler-w1", uid: "u-2", ...MIRROR });
        assert.equal(await unready([finished("etcd-w1", {}, MIRROR), scheduler]), "kube-system/etcd-w1 has ended");
    });

    it("are missed when they are gone, or not bound to the node yet", async () => {
        const before = await noted(pod("c-1", "True"), pod("c-2", "True", { name: "etcd-w1", ...MIRROR }));
        pods = [];
        assert.deepEqual(await nodes.absentWork("w1", before), [
            "DaemonSet kube-system/flannel has no pod there",
            "kube-system/etcd-w1 is not there",
        ]);
    });

    it("are not missed when there is another one, or their DaemonSet was deleted or changed meanwhile", async () => {
        const before = await noted(pod("c-1", "True"));
        pods = [pod("c-2", "False", { name: "flannel-2", uid: "u-2" })];
        assert.deepEqual(await nodes.absentWork("w1", before), []);
        pods = [];
        for (const changed of [[flannel(2)], []]) {
            daemonSets = changed;
            assert.deepEqual(await nodes.absentWork("w1", before), []);
        }
    });

    it("do not count when a drain moves them", async () => {
        assert.equal(await unready([pod("c-1", "False", { ownerReferences: [] })]), "");
    });

    it("are removed when the shutdown has ended them, and only then", async () => {
        pods = [
            finished("terminated", { reason: "Terminated" }),
            finished("rejected", { reason: "NodeShutdown" }),
            finished("evicted", { reason: "Evicted" }),
            finished("static", { reason: "Terminated" }, MIRROR),
            finished("of-a-job", { reason: "Terminated" }, { ownerReferences: [] }),
            pod("c-1", "True"),
        ];
        assert.deepEqual(await nodes.removeEnded("w1"), ["kube-system/terminated", "kube-system/rejected"]);
        const deletions = server.asked.filter(({ method }) => method === "DELETE");
        assert.deepEqual(
            deletions.map(({ path, body }) => [path.split("/").at(-1), body["preconditions"]]),
            [
                ["terminated", { uid: "terminated" }],
                ["rejected", { uid: "rejected" }],
            ],
        );
    });
});
