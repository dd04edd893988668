import assert from "node:assert/strict";
import { PropertyMap, isSecret, plain, secret } from "../../lab/engine/protocol/values";
import { configMap, deployment, deploymentOf, kubernetesSuite, rolledOut, urnOf } from "./support/kubernetesSuite";

describe("kubernetes plugin: changes of existing objects", () => {
    const suite = kubernetesSuite();
    const { server, checked, create } = suite;

    describe("diff", () => {
        const difference = async (type: string, name: string, olds: PropertyMap, news: PropertyMap) => {
            server.onWrite = rolledOut;
            const urn = urnOf(type, name);
            const { state, inputs } = await create(urn, olds);
            return suite.plugin.diff(urn, state, inputs, await checked(urn, news, inputs));
        };

        it("finds nothing when nothing changed, whatever the API server has added", async () => {
            const same = deploymentOf("same");
            const { changes, detailed } = await difference(deployment, "same", same, same);
            assert.equal(changes, false, JSON.stringify(detailed));
        });

        it("sees no change in an amount that is written differently", async () => {
            const limits = (cpu: string) => ({
                template: {
                    metadata: { labels: { app: "cpu" } },
                    spec: { containers: [{ name: "web", image: "web:1", resources: { limits: { cpu } } }] },
                },
            });
            const news = deploymentOf("cpu", limits("1"));
            const { changes, detailed } = await difference(
                deployment,
                "cpu",
                deploymentOf("cpu", limits("1000m")),
                news,
            );
            assert.equal(changes, false, JSON.stringify(detailed));
        });

        it("names a changed value by its path and updates in place", async () => {
            const news = deploymentOf("scale", { replicas: 3 });
            const { detailed, replaces } = await difference(deployment, "scale", deploymentOf("scale"), news);
            assert.deepEqual(detailed, { "spec.replicas": "update" });
            assert.deepEqual(replaces, []);
        });

        it("replaces for what cannot be changed", async () => {
            const selector = { matchLabels: { app: "other" } };
            const news = deploymentOf("selector", { selector });
            const { replaces } = await difference(deployment, "selector", deploymentOf("selector"), news);
            assert.deepEqual(replaces, ["spec.selector.matchLabels.app"]);
        });

        it("replaces for another name or namespace", async () => {
            const olds = { metadata: { name: "one" } };
            const renamed = await difference(configMap, "move", olds, { metadata: { name: "two" } });
            assert.deepEqual(renamed.replaces, ["metadata.name"]);
            server.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "else" } });
            const moved = await difference(
                configMap,
                "move2",
                { metadata: { name: "m" } },
                { metadata: { name: "m", namespace: "else" } },
            );
            assert.deepEqual(moved.replaces, ["metadata.namespace"]);
        });

        it("replaces a ConfigMap whose data change", async () => {
            const data = (a: string) => ({ metadata: { name: "data" }, data: { a } });
            const { replaces } = await difference(configMap, "data", data("1"), data("2"));
            assert.deepEqual(replaces, ["data.a"]);
        });

        it("sees no change in a Secret given as text", async () => {
            server.onWrite = (object) => {
                const texts = object["stringData"] as Record<string, string> | undefined;
                if (texts === undefined) return;
                object["data"] = Object.fromEntries(
                    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
                );
                delete object["stringData"];
            };
            const urn = urnOf("core/v1:Secret", "text");
            const given = { metadata: { name: "text" }, stringData: { password: secret("hush") } };
            const { state, inputs } = await create(urn, given);
            assert.ok(isSecret(state["data"]));
            assert.equal(
                (await suite.plugin.diff(urn, state, inputs, await checked(urn, given, inputs))).changes,
                false,
            );
            const other = { metadata: { name: "text" }, stringData: { password: secret("other") } };
            assert.equal(
                (await suite.plugin.diff(urn, state, inputs, await checked(urn, other, inputs))).changes,
                true,
            );
        });
    });

    describe("update", () => {
        it("applies the new inputs and waits for the rollout of the new generation", async () => {
            server.onWrite = rolledOut;
            const urn = urnOf(deployment, "update");
            const { state, inputs } = await create(urn, deploymentOf("update"));
            server.onWrite = (object) => void setTimeout(rolledOut, 700, object);
            const news = await checked(urn, deploymentOf("update", { replicas: 5 }), inputs);
            const updated = await suite.plugin.update(urn, state, inputs, news);
            assert.equal((updated["status"] as PropertyMap)["availableReplicas"], 5);
            const [apply] = server.writes("PATCH").filter(({ body }) => !Array.isArray(body));
            assert.equal(apply?.query.get("fieldManager"), state["__fieldManager"]);
            assert.equal(apply?.query.get("force"), "false");
        });

        it("does not take over what others manage, unless told to", async () => {
            const urn = urnOf(configMap, "shared");
            const { state, inputs } = await create(urn, { metadata: { name: "shared" }, data: { a: "1" } });
            const stored = server.existing("ConfigMap", "shared");
            stored.metadata["managedFields"] = [{ manager: "someone", operation: "Apply" }];
            const news = await checked(urn, { metadata: { name: "shared" }, data: { a: "2" } }, inputs);
            await assert.rejects(
                suite.plugin.update(urn, state, inputs, news),
                /conflict with "someone"[^]*patchForce/,
            );
            const annotations = { "pulumi.com/patchForce": "true" };
            const forced = await checked(urn, { metadata: { name: "shared", annotations }, data: { a: "2" } }, inputs);
            await suite.plugin.update(urn, state, inputs, forced);
            assert.deepEqual(server.get("ConfigMap", "shared")?.["data"], { a: "2" });
        });

        it("in a preview keeps nothing", async () => {
            const urn = urnOf(configMap, "dryUpdate");
            const { state, inputs } = await create(urn, { metadata: { name: "dry-update" }, data: { a: "1" } });
            const news = await checked(urn, { metadata: { name: "dry-update" }, data: { a: "2" } }, inputs);
            const preview = await suite.plugin.update(urn, state, inputs, news, { preview: true });
            assert.deepEqual(plain(preview["data"]), { a: "2" });
            assert.deepEqual(server.get("ConfigMap", "dry-update")?.["data"], { a: "1" });
        });
    });

    describe("read", () => {
        it("finds what others have changed of our values", async () => {
            const urn = urnOf(configMap, "drift");
            const { id, state, inputs } = await create(urn, { metadata: { name: "drift" }, data: { a: "1" } });
            const stored = server.existing("ConfigMap", "drift");
            stored["data"] = { a: "changed", b: "not ours" };
            const read = await suite.plugin.read(urn, id, state, inputs);
            assert.deepEqual(read.inputs["data"], { a: "changed" });
            const { detailed } = await suite.plugin.diff(urn, read.state, read.inputs, inputs);
            assert.deepEqual(detailed, { "data.a": "update" });
        });

        it("finds that an object is gone", async () => {
            const urn = urnOf(configMap, "gone");
            const { id, state, inputs } = await create(urn, { metadata: { name: "gone" } });
            server.remove("ConfigMap", "gone");
            assert.equal((await suite.plugin.read(urn, id, state, inputs)).id, "");
        });

        it("imports an object that was not ours", async () => {
            server.put({
                apiVersion: "v1",
                kind: "ConfigMap",
                metadata: { name: "old", namespace: "default" },
                data: { a: "1" },
            });
            const { id, inputs } = await suite.plugin.read(urnOf(configMap, "old"), "default/old", {}, {});
            assert.equal(id, "default/old");
            assert.deepEqual(inputs["data"], { a: "1" });
            assert.deepEqual(inputs["metadata"], { name: "old", namespace: "default" });
        });
    });
});
