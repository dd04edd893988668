import assert from "node:assert/strict";
import type { EvictablePod } from "../../../maintenance/actions/reboot/rebootPorts";
import { openPodControl } from "../../../maintenance/ports/podControl";
import { openRunLease, openRunMirror } from "../../../maintenance/ports/runState";
import { list, refusal, startRebootApi, type Answer, type Asked, type RebootApi } from "./rebootApi";

const owner = (kind: string, name: string) => [
    { kind, name, uid: `${kind}-${name}`, controller: true, apiVersion: "v1" },
];
const pod = (name: string, metadata: object = {}, spec: object = {}, phase = "Running") => ({
    metadata: { name, namespace: "shop", uid: `uid-${name}`, labels: { app: "shop" }, ...metadata },
    spec: { nodeName: "w1", containers: [{ name: "c", resources: { requests: { cpu: "100m" } } }], ...spec },
    status: { phase },
});
const budget = (name: string, disruptionsAllowed: number) => ({
    metadata: { name, namespace: "shop" },
    spec: { selector: { matchLabels: { app: "shop" } } },
    status: { disruptionsAllowed, currentHealthy: 2, desiredHealthy: 2, expectedPods: 2 },
});
const shop1: EvictablePod = {
    namespace: "shop",
    name: "shop-1",
    uid: "uid-shop-1",
    node: "w1",
    owner: "Deployment/shop",
    storage: false,
    toleratesCordon: false,
    started: true,
    requests: { cpu: 0, memory: 0 },
};

describe("pods over the Kubernetes API", () => {
    let server: RebootApi | undefined;
    afterEach(() => server?.close());

    async function open(answer: (asked: Asked) => Answer) {
        server = await startRebootApi(answer);
        return openPodControl(server.api);
    }

    it("evicts what is no DaemonSet's, static or finished, and knows owners and storage", async () => {
        const pods = await open(({ path }) =>
            path.endsWith("/replicasets")
                ? list({
                      metadata: {
                          name: "shop-abc",
                          uid: "ReplicaSet-shop-abc",
                          ownerReferences: owner("Deployment", "shop"),
                      },
                  })
                : list(
                      pod("shop-1", { ownerReferences: owner("ReplicaSet", "shop-abc") }),
                      pod(
                          "db-0",
                          { ownerReferences: owner("StatefulSet", "db") },
                          {
                              volumes: [{ name: "d", persistentVolumeClaim: { claimName: "d" } }],
                          },
                      ),
                      pod("queue-0", { labels: { "quorate.dev/drain": "storage-first" } }),
                      pod("flannel", { ownerReferences: owner("DaemonSet", "flannel") }),
                      pod("etcd-cp1", { annotations: { "kubernetes.io/config.mirror": "x" } }),
                      pod("job-1", {}, {}, "Succeeded"),
                  ),
        );
        const found = await pods.evictable(["w1"]);
        assert.deepEqual(
            found.map(({ name, owner: by, storage }) => [name, by, storage]),
            [
                ["shop-1", "Deployment/shop", false],
                ["db-0", "StatefulSet/db", true],
                ["queue-0", "", true],
            ],
        );
        assert.equal(found[0]?.requests.cpu, 100);
    });

    it("evicts this very pod, and only tries when told so", async () => {
        const pods = await open(() => ({ status: 201, body: { kind: "Status", status: "Success" } }));
        assert.deepEqual(await pods.evict(shop1, { dryRun: true }), { kind: "evicted" });
        await pods.evict(shop1, { dryRun: false });
        const [tried, done] = server!.asked;
        assert.equal(tried?.path, "/api/v1/namespaces/shop/pods/shop-1/eviction");
        assert.equal(tried?.query.get("dryRun"), "All");
        assert.deepEqual(tried?.body["deleteOptions"], { preconditions: { uid: "uid-shop-1" }, dryRun: ["All"] });
        assert.equal(done?.query.get("dryRun"), null);
        assert.deepEqual(done?.body["deleteOptions"], { preconditions: { uid: "uid-shop-1" } });
    });

    const evictionRefused = (answer: Answer, ...budgets: object[]) =>
        open(({ path }) => {
            if (path.endsWith("/eviction")) return answer;
            return path.endsWith("/poddisruptionbudgets") ? list(...budgets) : list(pod("shop-1"));
        });

    it("names the budget that blocks", async () => {
        const message = "The disruption budget shop needs 2 healthy pods and has 2 currently";
        const answer = refusal(429, "Cannot evict pod as it would violate the pod's disruption budget.", [
            { reason: "DisruptionBudget", message },
        ]);
        const pods = await evictionRefused(answer, budget("shop", 0));
        const result = await pods.evict(shop1, { dryRun: true });
        assert.deepEqual(result, { kind: "blocked", budget: "shop/shop", reason: message });
    });

    it("names all budgets when more than one selects the pod", async () => {
        const answer = refusal(500, "This pod has more than one PodDisruptionBudget");
        const result = await (
            await evictionRefused(answer, budget("a", 1), budget("b", 1))
        ).evict(shop1, { dryRun: true });
        assert.equal(result.kind === "blocked" && result.budget, "shop/a and shop/b");
    });

    it("takes a pod that is gone, or another of its name, for gone", async () => {
        for (const [code, message] of [
            [404, 'pods "shop-1" not found'],
            [409, "Precondition failed: UID in precondition: uid-shop-1, UID in object meta: other"],
        ] as const) {
            const pods = await evictionRefused(refusal(code, message));
            assert.deepEqual(await pods.evict(shop1, { dryRun: false }), { kind: "gone" });
            await pods.delete(shop1).catch(() => assert.fail("a pod that is gone is deleted"));
            await server?.close();
        }
    });

    it("waits for endpoints that name an evicted pod, and for owners that are short of pods", async () => {
        const slice = {
            metadata: { name: "shop-x", namespace: "shop" },
            addressType: "IPv4",
            endpoints: [{ addresses: [], conditions: {}, targetRef: { name: "shop-1", uid: "uid-shop-1" } }],
        };
        const deployment = { metadata: { generation: 1 }, spec: { replicas: 3 } };
        let available = 2;
        const pods = await open(({ path }) =>
            path.endsWith("/endpointslices")
                ? list(...(available === 3 ? [] : [slice]))
                : { body: { ...deployment, status: { observedGeneration: 1, availableReplicas: available } } },
        );
        assert.deepEqual(await pods.unsettled([shop1]), [
            "shop/shop-1 is still an endpoint of shop-x",
            "Deployment shop/shop has 2 of 3 pods available",
        ]);
        available = 3;
        assert.deepEqual(await pods.unsettled([shop1]), []);
    });

    it("knows a StatefulSet's new pod from the evicted one of the same name", async () => {
        const endpoints = [{ addresses: [], conditions: {}, targetRef: { name: "db-0", uid: "uid-new" } }];
        const slice = { metadata: { name: "db-peers-x", namespace: "shop" }, addressType: "IPv4", endpoints };
        const set = { spec: { replicas: 1 }, status: { observedGeneration: 1, availableReplicas: 1 } };
        const pods = await open(({ path }) =>
            path.endsWith("/endpointslices") ? list(slice) : { body: { metadata: { generation: 1 }, ...set } },
        );
        const db0 = { namespace: "shop", name: "db-0", owner: "StatefulSet/db" };
        assert.deepEqual(await pods.unsettled([{ ...db0, uid: "uid-old" }]), []);
        assert.deepEqual(await pods.unsettled([{ ...db0, uid: "uid-new" }]), [
            "shop/db-0 is still an endpoint of db-peers-x",
        ]);
        assert.deepEqual(await pods.unsettled([db0]), [], "noted by a version that kept no uids");
    });

    it("knows which pods may come back to a cordoned node", async () => {
        const key = "node.kubernetes.io/unschedulable";
        const tolerations: Record<string, object[]> = {
            none: [],
            everything: [{ operator: "Exists" }],
            "every-no-schedule": [{ operator: "Exists", effect: "NoSchedule" }],
            "this-taint": [{ key, operator: "Exists", effect: "NoSchedule" }],
            "this-taint-by-value": [{ key }],
            "another-value": [{ key, operator: "Equal", value: "x" }],
            "only-no-execute": [{ operator: "Exists", effect: "NoExecute" }],
            "another-taint": [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }],
        };
        const pods = await open(() =>
            list(...Object.entries(tolerations).map(([name, tolerated]) => pod(name, {}, { tolerations: tolerated }))),
        );
        const found = await pods.evictable(["w1"]);
        assert.deepEqual(
            found.filter(({ toleratesCordon }) => toleratesCordon).map(({ name }) => name),
            ["everything", "every-no-schedule", "this-taint", "this-taint-by-value"],
        );
    });

    it("counts the disruptions that a budget allows, with the pods that it selects", async () => {
        const pods = await evictionRefused({ body: {} }, budget("shop", 1));
        assert.deepEqual(await pods.budgets(), [
            { namespace: "shop", name: "shop", disruptionsAllowed: 1, pods: ["uid-shop-1"] },
        ]);
    });
});

describe("the run's Lease and mirror", () => {
    let server: RebootApi | undefined;
    afterEach(() => server?.close());
    const at = new Date("2026-11-21T12:00:00.000Z");
    const record = { holder: "me", acquiredAt: at, renewedAt: at, durationSeconds: 60 };

    it("is undefined when there is none, or when somebody was faster", async () => {
        server = await startRebootApi(({ method }) => refusal(method === "GET" ? 404 : 409, "conflict"));
        const lease = openRunLease(server.api);
        assert.equal(await lease.read(), undefined);
        assert.equal(await lease.create(record), undefined);
        assert.equal(await lease.replace({ ...record, resourceVersion: "7" }), undefined);
    });

    it("is written with the version that it replaces, and read back", async () => {
        server = await startRebootApi(({ body }) => ({ body: { ...body, kind: "Lease" } }));
        const replaced = await openRunLease(server.api).replace({ ...record, resourceVersion: "7" });
        assert.deepEqual(replaced, { ...record, resourceVersion: "7" });
    });

    it("is written once only, because the answer may be lost after the write", async () => {
        server = await startRebootApi(() => refusal(503, "shutting down"));
        await assert.rejects(openRunLease(server.api).create(record), /no API server answers: .*503: shutting down/);
        assert.equal(server.asked.length, 1);
    });

    it("makes the mirror when there is none, and does not miss one that is gone", async () => {
        let stored: unknown;
        server = await startRebootApi(({ method, body }) => {
            if (method === "POST") stored = body["data"];
            return method === "POST" ? { body } : refusal(404, "not found");
        });
        const mirror = openRunMirror(server.api);
        await mirror.write("state");
        assert.deepEqual(stored, { run: "state" });
        await mirror.remove();
        assert.equal(await mirror.read(), undefined);
    });
});
