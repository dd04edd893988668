import { EngineLog } from "../protocol/engineLog";
import { propertyDiffs } from "../protocol/propertyDiff";
import {
    Change,
    CheckFailure,
    DiffResult,
    InitializationError,
    Operation,
    ReadResult,
    ResourcePlugin,
    ResourceRef,
} from "../protocol/resourcePlugin";
import { PropertyMap, containsUnknown, isUnknown, plain } from "../protocol/values";
import { checkpoint, markSecrets, normalized, parseCheckpoint, prune } from "./checkpoint";
import { ClusterApi, UnknownKindError } from "./clusterApi";
import { KubernetesObject, annotation, annotations, asObject, objectId, parseObjectId } from "./kubernetesObject";
import { withName } from "./naming";
import { objectDiff } from "./objectDiff";
import { fieldManagerOf, importedInputs, isGone, isPreviewGap, refuseSpecialTypes, withoutStatus } from "./objectRules";
import { applyObject, createObject } from "./objectWrites";
import { ProviderSettings, loadKubeconfig, providerSettings, refusedSettings } from "./providerSettings";
import { NotReadyError, Wait, untilGone, untilReady } from "./waiting";
import { decodeYaml } from "./yamlDecode";

/** Version of the published plugin whose semantics this one follows. */
export const kubernetesPluginVersion = "4.32.0";

const unreachableWords =
    "configured Kubernetes cluster is unreachable; if it is gone for good, set PULUMI_K8S_DELETE_UNREACHABLE=true";

/** The `pulumi-resource-kubernetes` plugin: objects of a cluster by server-side apply. */
export class KubernetesPlugin implements ResourcePlugin {
    readonly name = "kubernetes";
    readonly version = kubernetesPluginVersion;
    private settings: ProviderSettings = providerSettings({}, undefined);
    private api: ClusterApi | undefined;
    private unreachable = "the provider is not configured yet";

    constructor(private readonly engineLog: EngineLog) {}

    /** A cluster that cannot be reached is no error here: previews work without one. */
    async configure(config: PropertyMap): Promise<void> {
        const values = plain(config) as PropertyMap;
        this.settings = providerSettings(values, undefined);
        this.api = undefined;
        if (containsUnknown(config)) return void (this.unreachable = "the provider's configuration is not known yet");
        try {
            const kubeconfig = loadKubeconfig(values);
            const context = kubeconfig.getContextObject(kubeconfig.getCurrentContext());
            this.settings = providerSettings(values, context?.namespace);
            const api = new ClusterApi(kubeconfig);
            await api.version();
            this.api = api;
        } catch (error) {
            this.unreachable = (error as Error).message;
        }
    }

    async checkConfig(news: PropertyMap): Promise<{ inputs: PropertyMap; failures: readonly CheckFailure[] }> {
        return { inputs: news, failures: refusedSettings(news) };
    }

    /** A changed configuration updates the provider; another cluster would be another provider of the user's. */
    async diffConfig(oldInputs: PropertyMap, newInputs: PropertyMap): Promise<DiffResult> {
        return { diffs: propertyDiffs(oldInputs, newInputs), replaces: [] };
    }

    async check(resource: ResourceRef, olds: PropertyMap, news: PropertyMap) {
        refuseSpecialTypes(resource.type);
        const named = withName(resource.name, plain(olds) as PropertyMap, plain(news) as PropertyMap);
        const object = await this.withNamespace(asObject(resource.type, named));
        return { inputs: markSecrets(object, news), failures: [] };
    }

    async diff(resource: ResourceRef, { oldState, newInputs }: Change): Promise<DiffResult> {
        const news = asObject(resource.type, plain(newInputs) as PropertyMap);
        const namespaced = await this.isNamespaced(news);
        return objectDiff(parseCheckpoint(oldState), news, { settings: this.settings, namespaced });
    }

    async create(operation: Operation, inputs: PropertyMap, preview: boolean) {
        const object = asObject(operation.type, plain(inputs) as PropertyMap);
        const fieldManager = fieldManagerOf(object, undefined);
        const recorded = { apiVersion: object.apiVersion, fieldManager };
        if (preview && (containsUnknown(object) || this.api === undefined)) return { id: "", state: inputs };
        const api = this.reachable();
        try {
            const { signal } = operation;
            const options = { fieldManager, dryRun: preview, signal };
            const live = await createObject(api, object, this.settings, options);
            if (preview) return { id: "", state: checkpoint(inputs, withoutStatus(live), recorded) };
            const ready = await this.ready(operation, api, inputs, object, live, recorded);
            return { id: objectId(ready), state: checkpoint(inputs, ready, recorded) };
        } catch (error) {
            // What a preview cannot know yet: a namespace or kind that this very update makes.
            if (preview && isPreviewGap(error)) return { id: "", state: inputs };
            throw error;
        }
    }

    async update(operation: Operation, { oldState, newInputs }: Change, preview: boolean): Promise<PropertyMap> {
        const object = asObject(operation.type, plain(newInputs) as PropertyMap);
        if (preview && (containsUnknown(object) || this.api === undefined)) return newInputs;
        const old = parseCheckpoint(oldState);
        const fieldManager = fieldManagerOf(object, old.fieldManager);
        const recorded = { apiVersion: old.apiVersion ?? object.apiVersion, fieldManager };
        const api = this.reachable();
        const live = await applyObject(api, object, this.settings, { fieldManager, dryRun: preview }).catch((error) => {
            if (preview && isPreviewGap(error)) return undefined;
            throw error;
        });
        if (live === undefined) return newInputs;
        const ready = preview ? live : await this.ready(operation, api, newInputs, object, live, recorded);
        return checkpoint(newInputs, ready, recorded);
    }

    async read(operation: Operation, current: ReadResult): Promise<ReadResult | null> {
        if (this.api === undefined && this.settings.deleteUnreachable) return null;
        if (this.api === undefined && this.settings.skipUpdateUnreachable) return current;
        const api = this.reachable();
        const { name, namespace } = parseObjectId(current.id);
        const old = parseCheckpoint(current.state);
        const inputs = asObject(operation.type, plain(current.inputs) as PropertyMap);
        const metadata = { ...inputs.metadata, name, ...(namespace === undefined ? {} : { namespace }) };
        try {
            const live = await api.read({ ...inputs, metadata }, operation.signal);
            const imported = Object.keys(current.inputs).length === 0;
            const seen = (imported ? importedInputs(live) : prune(live, normalized(inputs))) as PropertyMap;
            const fieldManager = fieldManagerOf(inputs, old.fieldManager);
            const state = checkpoint(seen, live, { apiVersion: old.apiVersion ?? inputs.apiVersion, fieldManager });
            return {
                id: current.id,
                inputs: markSecrets(seen, current.inputs),
                state: markSecrets(state, current.inputs),
            };
        } catch (error) {
            if (isGone(error)) return null;
            throw error;
        }
    }

    async delete(operation: Operation, id: string, state: PropertyMap): Promise<void> {
        if (this.api === undefined && this.settings.deleteUnreachable) return;
        const api = this.reachable();
        const { inputs, live } = parseCheckpoint(state);
        const { name, namespace } = parseObjectId(id);
        const object = {
            ...live,
            metadata: { ...live.metadata, name, ...(namespace === undefined ? {} : { namespace }) },
        };
        const given = asObject(operation.type, inputs);
        try {
            await api.delete(object, annotation(given, annotations.deletionPropagation) ?? "Foreground");
            await untilGone(given, object, this.waitOf(operation, api));
        } catch (error) {
            if (!isGone(error)) throw error;
        } finally {
            await this.engineLog.flushed();
        }
    }

    async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
        if (token !== "kubernetes:yaml:decode") {
            throw new Error(
                `the lab's stand-in for the kubernetes plugin has no function ${token}; use the real plugin`,
            );
        }
        const { text, defaultNamespace } = plain(args) as { text?: string; defaultNamespace?: string };
        return { result: await decodeYaml(text ?? "", defaultNamespace ?? "", this.api) };
    }

    private reachable(): ClusterApi {
        if (this.api !== undefined) return this.api;
        throw new Error(`${unreachableWords}: ${this.unreachable}`);
    }

    private waitOf(operation: Operation, api: ClusterApi): Wait {
        const remark = (observation: string): void => this.engineLog.log("status", operation.urn, observation);
        return { api, signal: operation.signal, timeoutSeconds: operation.timeoutSeconds, remark };
    }

    /** The object once it is ready; one that does not become ready is recorded all the same, as it exists. */
    private async ready(
        operation: Operation,
        api: ClusterApi,
        inputs: PropertyMap,
        object: KubernetesObject,
        live: KubernetesObject,
        recorded: { apiVersion: string; fieldManager: string },
    ): Promise<KubernetesObject> {
        if (live.kind === "CustomResourceDefinition") api.forgetKinds();
        try {
            return await untilReady(object, live, this.waitOf(operation, api));
        } catch (error) {
            const last = error instanceof NotReadyError ? error.live : live;
            const reason = `${live.kind} ${objectId(live)} exists but is not ready: ${(error as Error).message}`;
            throw new InitializationError(objectId(live), checkpoint(inputs, last, recorded), inputs, [reason]);
        } finally {
            await this.engineLog.flushed();
        }
    }

    /** Kinds that are not known yet are taken to live in namespaces. */
    private async isNamespaced(object: KubernetesObject): Promise<boolean> {
        if (this.api === undefined) return object.metadata.namespace !== undefined;
        return this.api.isNamespaced(object).catch((error: unknown) => {
            if (error instanceof UnknownKindError) return true;
            throw error;
        });
    }

    private async withNamespace(object: KubernetesObject): Promise<KubernetesObject> {
        if (object.metadata.namespace || isUnknown(object["metadata"]) || this.api === undefined) return object;
        if (!(await this.isNamespaced(object))) return object;
        return { ...object, metadata: { ...object.metadata, namespace: this.settings.namespace } };
    }
}
