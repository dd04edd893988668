import assert from "node:assert/strict";
import { PropertyMap, isSecret, secret, unknown } from "../../lab/engine/protocol/values";
import { StoredObject } from "./support/fakeApiServer";
import { configMap, deployment, deploymentOf, kubernetesSuite, rolledOut, urnOf } from "./support/kubernetesSuite";

describe("kubernetes plugin", () => {
    const suite = kubernetesSuite();
    const { server, engine, checked, create } = suite;

    describe("check", () => {
        it("fills in kind, version and namespace", async () => {
            const inputs = await checked(urnOf(configMap, "c"), { metadata: { name: "c" } });
            assert.equal(inputs["apiVersion"], "v1");
            assert.equal(inputs["kind"], "ConfigMap");
            assert.deepEqual(inputs["metadata"], { name: "c", namespace: "default" });
            const cluster = await checked(urnOf("rbac.authorization.k8s.io/v1:ClusterRole", "r"), {
                metadata: { name: "r" },
            });
            assert.deepEqual(cluster["metadata"], { name: "r" });
        });

        it("names what has no name, once", async () => {
            const urn = urnOf(configMap, "auto");
            const first = await checked(urn, { data: {} });
            const metadata = first["metadata"] as { name: string; annotations: PropertyMap };
            assert.match(metadata.name, /^auto-[0-9a-z]{8}$/);
            assert.equal(metadata.annotations["pulumi.com/autonamed"], "true");
            const second = await checked(urn, { data: { a: "b" } }, first);
            assert.deepEqual(second["metadata"], first["metadata"]);
        });

        it("keeps secrets secret, and always the contents of Secrets", async () => {
            const inputs = await checked(urnOf(configMap, "s"), {
                metadata: { name: "s" },
                data: { a: secret("hush") },
            });
            assert.ok(isSecret((inputs["data"] as PropertyMap)["a"]));
            const always = await checked(urnOf("core/v1:Secret", "s"), {
                metadata: { name: "s" },
                stringData: { a: "b" },
            });
            assert.ok(isSecret(always["stringData"]));
        });

        it("accepts what is not known yet", async () => {
            const inputs = await checked(urnOf(configMap, "u"), { metadata: { name: unknown }, data: unknown });
            assert.equal(inputs["data"], unknown);
        });
    });

    describe("create", () => {
        it("creates the object and records it with its inputs", async () => {
            const urn = urnOf(configMap, "first");
            const { id, state } = await create(urn, { metadata: { name: "first" }, data: { a: secret("1") } });
            assert.equal(id, "default/first");
            assert.deepEqual(server.get("ConfigMap", "first")?.["data"], { a: "1" });
            assert.equal((state["metadata"] as PropertyMap)["uid"], server.get("ConfigMap", "first")?.metadata["uid"]);
            assert.ok(isSecret((state["data"] as PropertyMap)["a"]));
            assert.match(String(state["__fieldManager"]), /^pulumi-kubernetes-/);
        });

        it("refuses an object that is there already, and says what to do", async () => {
            server.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "taken", namespace: "default" } });
            await assert.rejects(create(urnOf(configMap, "taken"), { metadata: { name: "taken" } }), /already exists/);
        });

        it("waits for a namespace that comes a moment later", async () => {
            setTimeout(() => {
                server.put({
                    apiVersion: "v1",
                    kind: "Namespace",
                    metadata: { name: "late" },
                    status: { phase: "Active" },
                });
            }, 600);
            const { id } = await create(urnOf(configMap, "l"), { metadata: { name: "l", namespace: "late" } });
            assert.equal(id, "late/l");
        });

        it("in a preview asks the API server and keeps nothing", async () => {
            const urn = urnOf(deployment, "dry");
            const inputs = await checked(urn, deploymentOf("dry"));
            const { state } = await suite.plugin.create(urn, inputs, { preview: true });
            assert.equal((state["spec"] as PropertyMap)["revisionHistoryLimit"], 10);
            assert.equal(server.get("Deployment", "dry"), undefined);
            assert.ok(server.writes("POST").every(({ query }) => query.get("dryRun") === "All"));
        });

        it("in a preview does without the API server for unknown values and missing namespaces", async () => {
            const urn = urnOf(configMap, "gap");
            const inputs = await checked(urn, { metadata: { name: "gap", namespace: "none" }, data: { a: unknown } });
            const { state } = await suite.plugin.create(urn, inputs, { preview: true });
            assert.equal((state["data"] as PropertyMap)["a"], unknown);
            const known = await checked(urn, { metadata: { name: "gap", namespace: "none" }, data: { a: "1" } });
            await suite.plugin.create(urn, known, { preview: true });
        });
    });

    describe("readiness", () => {
        it("waits until all replicas of a deployment are updated and available", async () => {
            server.onWrite = (object) => void setTimeout(rolledOut, 1_200, object);
            const started = Date.now();
            const urn = urnOf(deployment, "roll");
            const { state } = await create(urn, deploymentOf("roll"));
            assert.ok(Date.now() - started > 1_000);
            assert.equal((state["status"] as PropertyMap)["availableReplicas"], 2);
            assert.match(engine.messages(urn).join(), /waiting: /);
        });

        it("does not wait where the user says so", async () => {
            const { id } = await create(
                urnOf(deployment, "skip"),
                deploymentOf("skip", {}, { "pulumi.com/skipAwait": "true" }),
            );
            assert.equal(id, "default/skip");
        });

        it("gives up after the annotated time, and says what it saw last", async () => {
            const inputs = deploymentOf("slow", {}, { "pulumi.com/timeoutSeconds": "1" });
            await assert.rejects(create(urnOf(deployment, "slow"), inputs), (error: Error) => {
                assert.match(error.message, /default\/slow exists but is not ready: not ready within 1 s; last seen: /);
                return true;
            });
        });

        it("fails at once when the rollout has failed", async () => {
            server.onWrite = (object) => {
                const conditions = [
                    { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "stuck" },
                ];
                object["status"] = { observedGeneration: object.metadata["generation"], conditions };
            };
            await assert.rejects(create(urnOf(deployment, "stuck"), deploymentOf("stuck")), /stuck/);
        });

        it("is not denied because an older rollout has failed", async () => {
            server.onWrite = (object) => {
                const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
                object["status"] = { observedGeneration: Number(object.metadata["generation"]) - 1, conditions };
                setTimeout(rolledOut, 600, object);
            };
            await create(urnOf(deployment, "again"), deploymentOf("again"));
        });

        it("of a service means ready endpoints", async () => {
            const slice = (ready?: boolean): StoredObject => ({
                apiVersion: "discovery.k8s.io/v1",
                kind: "EndpointSlice",
                metadata: { name: "web-1", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
                endpoints: ready === undefined ? null : [{ addresses: ["10.0.0.1"], conditions: { ready } }],
            });
            server.put(slice());
            setTimeout(() => server.put(slice(false)), 400);
            setTimeout(() => server.put(slice(true)), 800);
            const started = Date.now();
            await create(urnOf("core/v1:Service", "web"), {
                metadata: { name: "web" },
                spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
            });
            assert.ok(Date.now() - started > 600);
        });

        it("of a job means completion", async () => {
            server.onWrite = (object) =>
                void setTimeout(() => (object["status"] = { conditions: [{ type: "Complete", status: "True" }] }), 300);
            const template = { spec: { restartPolicy: "Never", containers: [{ name: "j", image: "j" }] } };
            await create(urnOf("batch/v1:Job", "job"), { metadata: { name: "job" }, spec: { template } });
            server.onWrite = (object) => {
                const conditions = [
                    { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too often" },
                ];
                object["status"] = { conditions };
            };
            const failing = create(urnOf("batch/v1:Job", "bad"), { metadata: { name: "bad" }, spec: { template } });
            await assert.rejects(failing, /BackoffLimitExceeded/);
        });
    });

    describe("delete", () => {
        it("deletes what the object owns first and waits until it is gone", async () => {
            const urn = urnOf(configMap, "del");
            const { id, state, inputs } = await create(urn, { metadata: { name: "del" } });
            server.existing("ConfigMap", "del").metadata["finalizers"] = ["keep"];
            setTimeout(() => server.remove("ConfigMap", "del"), 800);
            const started = Date.now();
            await suite.plugin.delete(urn, state, inputs, id);
            assert.ok(Date.now() - started > 600);
            assert.deepEqual(server.writes("DELETE")[0]?.body, { propagationPolicy: "Foreground" });
        });

        it("is content with an object that is gone already", async () => {
            const urn = urnOf(configMap, "del2");
            const { id, state, inputs } = await create(urn, { metadata: { name: "del2" } });
            server.remove("ConfigMap", "del2");
            await suite.plugin.delete(urn, state, inputs, id);
        });

        it("gives up after the annotated time and names the finalizers", async () => {
            const urn = urnOf(configMap, "held");
            const annotations = { "pulumi.com/timeoutSeconds": "1" };
            const { id, state, inputs } = await create(urn, { metadata: { name: "held", annotations } });
            server.existing("ConfigMap", "held").metadata["finalizers"] = ["example.com/held"];
            await assert.rejects(
                suite.plugin.delete(urn, state, inputs, id),
                /still there after 1 s; finalizers: example.com\/held/,
            );
        });
    });

    describe("a cluster that cannot be reached", () => {
        const config = { kubeconfig: unreachableKubeconfig() };

        it("can be previewed", async () => {
            const away = await suite.startPlugin(config);
            const urn = urnOf(configMap, "away");
            const { inputs } = await away.check(urn, { metadata: { name: "away" } });
            await away.create(urn, inputs, { preview: true });
            await assert.rejects(away.create(urn, inputs), /unreachable/);
            await away.stop();
        });

        it("is forgotten when the user says so", async () => {
            const away = await suite.startPlugin({ ...config, deleteUnreachable: "true" });
            await away.delete(urnOf(configMap, "away"), { kind: "ConfigMap" }, {}, "default/away");
            await away.stop();
        });
    });

    it("says the version that the npm package pins", async () => {
        assert.equal(await suite.plugin.version(), "4.32.0");
    });
});

/** A kubeconfig of a port on which nothing listens. */
function unreachableKubeconfig(): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "away",
        clusters: [{ name: "away", cluster: { server: "http://127.0.0.1:1" } }],
        users: [{ name: "away", user: {} }],
        contexts: [{ name: "away", context: { cluster: "away", user: "away" } }],
    });
}
