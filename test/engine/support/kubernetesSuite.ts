import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PropertyMap, secret } from "../../../lab/engine/protocol/values";
import { FakeApiServer, StoredObject } from "./fakeApiServer";
import { FakeEngine } from "./fakeEngine";
import { PluginProcess, pluginCommand } from "./pluginProcess";

/** URN of a resource of the kubernetes package. */
export function urnOf(type: string, name: string): string {
    return `urn:pulumi:contract::quorate::kubernetes:${type}::${name}`;
}

/** Type of a ConfigMap. */
export const configMap = "core/v1:ConfigMap";
/** Type of a Deployment. */
export const deployment = "apps/v1:Deployment";

/** Inputs of a Deployment with two replicas. */
export function deploymentOf(name: string, changes: PropertyMap = {}, annotations: PropertyMap = {}): PropertyMap {
    const labels = { app: name };
    const container = { name: "web", image: "web:1", resources: { limits: { cpu: "1000m" } } };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    return {
        metadata: { name, annotations },
        spec: { replicas: 2, selector: { matchLabels: labels }, template, ...changes },
    };
}

/** What the deployment controller writes when all replicas are there. */
export function rolledOut(object: StoredObject): void {
    if (object.kind !== "Deployment") return;
    const replicas = Number((object["spec"] as PropertyMap)["replicas"]);
    const counts = { replicas, updatedReplicas: replicas, availableReplicas: replicas };
    object["status"] = { observedGeneration: object.metadata["generation"], ...counts };
}

/** A kubernetes plugin with the engine and the API server it talks to; one for a whole suite. */
class KubernetesSuite {
    readonly engine = new FakeEngine();
    readonly server = new FakeApiServer();
    plugin!: PluginProcess;
    private directory = "";

    async start(): Promise<void> {
        this.directory = await mkdtemp(join(tmpdir(), "quorate-kubernetes-"));
        await this.engine.start();
        await this.server.start();
        this.plugin = await this.startPlugin();
    }

    /** Starts one more plugin process with other settings; the caller stops it. */
    startPlugin(config: PropertyMap = {}): Promise<PluginProcess> {
        return PluginProcess.start(pluginCommand("QUORATE_KUBERNETES_PLUGIN", "kubernetes"), {
            engine: this.engine.address,
            cwd: this.directory,
            env: { KUBECONFIG: join(this.directory, "none") },
            config: { kubeconfig: secret(this.server.kubeconfig), ...config },
        });
    }

    /** Forgets what earlier tests have set and seen. */
    reset(): void {
        this.server.onWrite = () => undefined;
        this.server.requests.length = 0;
    }

    /** Inputs as the engine has them after check. @throws when check finds a failure. */
    readonly checked = async (urn: string, inputs: PropertyMap, olds: PropertyMap = {}): Promise<PropertyMap> => {
        const result = await this.plugin.check(urn, inputs, olds);
        if (result.failures.length > 0) throw new Error(JSON.stringify(result.failures));
        return result.inputs;
    };

    /** Checks and creates a resource. */
    readonly create = async (urn: string, inputs: PropertyMap) => {
        const checkedInputs = await this.checked(urn, inputs);
        return { inputs: checkedInputs, ...(await this.plugin.create(urn, checkedInputs)) };
    };

    async stop(): Promise<void> {
        await this.plugin?.stop();
        await this.server.stop();
        this.engine.stop();
        await rm(this.directory, { recursive: true, force: true });
    }
}

/** A kubernetes plugin for the tests of a suite; each begins with no request seen and no controller at work. */
export function kubernetesSuite(): KubernetesSuite {
    const suite = new KubernetesSuite();
    before(function () {
        this.timeout(0);
        return suite.start();
    });
    beforeEach(() => suite.reset());
    after(() => suite.stop());
    return suite;
}
