import assert from "node:assert/strict";
import { openPodControl } from "../../../maintenance/ports/podControl";
import { list, refusal, startRebootApi, type Answer, type RebootApi } from "./rebootApi";

const owned = (kind: string, name: string, apiVersion = "apps/v1") => ({
    ownerReferences: [{ kind, name, uid: `uid-${name}`, controller: true, apiVersion }],
});
const pod = (name: string, metadata: object) => ({
    metadata: { name, namespace: "shop", uid: `uid-${name}`, ...metadata },
    spec: { nodeName: "w1", containers: [{ name: "c" }] },
    status: { phase: "Running" },
});
const replicaSet = (name: string, parent: object = {}) => ({ metadata: { name, uid: `uid-${name}`, ...parent } });

describe("owners of evicted pods over the Kubernetes API", () => {
    let server: RebootApi | undefined;
    afterEach(() => server?.close());

    async function ownersOf(pods: readonly object[], sets: readonly object[] = []): Promise<string[]> {
        server = await startRebootApi(({ path }) => list(...(path.endsWith("/replicasets") ? sets : pods)));
        return (await openPodControl(server.api).evictable(["w1"])).map(({ owner }) => owner);
    }

    async function unsettled(owner: string, answer: (path: string) => Answer): Promise<readonly string[]> {
        server = await startRebootApi(({ path }) => answer(path));
        return openPodControl(server.api).unsettled([{ namespace: "shop", name: "web-1", owner }]);
    }

    it("are a ReplicaSet's parent only when that is a kind that can be asked for its pods", async () => {
        const names = ["of-deployment", "of-rollout", "of-namesake", "of-nobody"];
        const owners = await ownersOf(
            names.map((name) => pod(`pod-${name}`, owned("ReplicaSet", name))),
            [
                replicaSet("of-deployment", owned("Deployment", "web")),
                replicaSet("of-rollout", owned("Rollout", "web", "argoproj.io/v1alpha1")),
                replicaSet("of-namesake", owned("Deployment", "web", "apps.example.com/v1")),
                replicaSet("of-nobody"),
            ],
        );
        const kept = ["ReplicaSet/of-rollout", "ReplicaSet/of-namesake", "ReplicaSet/of-nobody"];
        assert.deepEqual(owners, ["Deployment/web", ...kept]);
    });

    it("have the group in their name where it is not one of Kubernetes' own, so that they are taken for no namesake", async () => {
        const owners = await ownersOf([
            pod("a", owned("StatefulSet", "db", "apps.kruise.io/v1beta1")),
            pod("b", owned("Job", "copy", "batch/v1")),
            pod("c", owned("ReplicationController", "old", "v1")),
        ]);
        assert.deepEqual(owners, ["StatefulSet.apps.kruise.io/db", "Job/copy", "ReplicationController/old"]);
    });

    const paths: Readonly<Record<string, string>> = {
        "Deployment/web": "/apis/apps/v1/namespaces/shop/deployments/web",
        "ReplicaSet/web-abc": "/apis/apps/v1/namespaces/shop/replicasets/web-abc",
        "StatefulSet/db": "/apis/apps/v1/namespaces/shop/statefulsets/db",
        "ReplicationController/old": "/api/v1/namespaces/shop/replicationcontrollers/old",
    };
    for (const [owner, path] of Object.entries(paths)) {
        it(`are waited for until they have all their pods: ${owner}`, async () => {
            const metadata = { generation: 1 };
            const body = { metadata, spec: { replicas: 2 }, status: { observedGeneration: 1, availableReplicas: 1 } };
            const short = await unsettled(owner, (asked) => (asked === path ? { body } : refusal(404, "not found")));
            assert.deepEqual(short, [`${owner.replace("/", " shop/")} has 1 of 2 pods available`]);
        });
    }

    it("are not asked for their pods where nobody knows how, nor are namesakes in their place", async () => {
        for (const owner of ["CloneSet.apps.kruise.io/web", "StatefulSet.apps.kruise.io/db", "Rollout/web", ""]) {
            assert.deepEqual(await unsettled(owner, () => refusal(500, "asked")), []);
            assert.deepEqual(server?.asked, []);
            await server?.close();
        }
    });
});
