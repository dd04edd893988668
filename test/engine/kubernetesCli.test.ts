import assert from "node:assert/strict";
import { FakeApiServer } from "./support/fakeApiServer";
import { rolledOut } from "./support/kubernetesSuite";
import { pulumiProject } from "./support/pulumiProject";

const program = `
import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";

const config = new pulumi.Config();
const provider = new k8s.Provider("cluster", { kubeconfig: config.requireSecret("kubeconfig") });
const namespace = new k8s.core.v1.Namespace("apps", { metadata: { name: "apps" } }, { provider });
const metadata = { namespace: namespace.metadata.name };
const settings = new k8s.core.v1.ConfigMap("settings", { metadata, data: { mode: config.get("mode") ?? "a" } }, { provider });
new k8s.core.v1.Secret("token", { metadata, stringData: { token: pulumi.secret("s3cr3t-token") } }, { provider });
const labels = { app: "web" };
new k8s.apps.v1.Deployment("web", {
    metadata: { ...metadata, name: "web" },
    spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
            metadata: { labels },
            spec: { containers: [{ name: "web", image: "web:1", envFrom: [{ configMapRef: { name: settings.metadata.name } }] }] },
        },
    },
}, { provider });
new k8s.yaml.ConfigGroup("manifests", {
    yaml: "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: manifest, namespace: apps}\\ndata: {a: b}\\n",
}, { provider, dependsOn: namespace });
export const name = settings.metadata.name;
`;

describe("pulumi command line with the kubernetes plugin", function () {
    this.timeout(300_000);
    const server = new FakeApiServer();
    const project = pulumiProject({ "index.ts": program });

    before(async () => {
        await server.start();
        server.onWrite = (object) => {
            rolledOut(object);
            if (object.kind === "Namespace") object["status"] = { phase: "Active" };
            const texts = object["stringData"] as Record<string, string> | undefined;
            if (texts === undefined) return;
            const encoded = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
            object["data"] = Object.fromEntries(encoded);
            delete object["stringData"];
        };
        await project().succeed("config", "set", "--secret", "kubeconfig", "--", server.kubeconfig);
    });
    after(() => server.stop());

    const up = (...args: string[]) => project().succeed("up", "--yes", "--skip-preview", ...args);

    it("creates, and finds nothing to do afterwards", async () => {
        await project().succeed("preview");
        assert.equal(server.get("Namespace", "apps"), undefined);
        await up();
        assert.deepEqual(server.get("ConfigMap", "manifest")?.["data"], { a: "b" });
        await up("--expect-no-changes");
        await project().succeed("preview", "--refresh", "--expect-no-changes");
    });

    it("replaces a changed ConfigMap by a new one and rolls its users over", async () => {
        const before = (await project().succeed("stack", "output", "name")).trim();
        await project().succeed("config", "set", "mode", "b");
        const output = await up();
        assert.match(output, /\+-1 replaced/);
        assert.match(output, /~ 1 updated/);
        const after = (await project().succeed("stack", "output", "name")).trim();
        assert.notEqual(after, before);
        assert.equal(server.get("ConfigMap", before), undefined);
        assert.deepEqual(server.get("ConfigMap", after)?.["data"], { mode: "b" });
    });

    it("keeps the contents of Secrets out of the state", () => {
        const state = project().stateFiles();
        assert.doesNotMatch(state, /s3cr3t-token/);
        assert.ok(!state.includes(Buffer.from("s3cr3t-token").toString("base64")));
    });

    it("destroys everything it has made", async () => {
        await project().succeed("destroy", "--yes", "--skip-preview");
        const left = [...server.objects.values()].map(({ metadata }) => metadata.name);
        assert.deepEqual(left, ["default"]);
    });
});
