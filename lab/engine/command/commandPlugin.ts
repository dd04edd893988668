import { randomBytes } from "node:crypto";
import { EngineLog } from "../protocol/engineLog";
import { propertyDiffs } from "../protocol/propertyDiff";
import { Change, DiffResult, Operation, ReadResult, ResourcePlugin, ResourceRef } from "../protocol/resourcePlugin";
import { PropertyMap, containsUnknown, equal, plain, unknown } from "../protocol/values";
import { copyNeeded, checkSource, copyToRemote } from "./copyToRemote";
import { CommandOutput, OutputLines } from "./commandOutput";
import { runLocal } from "./localCommand";
import { ObjectType, checkProperties } from "./propertyType";
import { runRemote } from "./remoteCommand";
import { resourceInputs } from "./schema";

/** Version of the published plugin whose schema and semantics this one follows. */
export const commandPluginVersion = "1.2.1";

const copyType = "command:remote:CopyToRemote";

function inputsOf(type: string): ObjectType {
    const properties = resourceInputs[type];
    if (properties !== undefined) return properties;
    const known = Object.keys(resourceInputs).join(", ");
    throw new Error(`the lab's stand-in for the command plugin has no resource type ${type}; it has: ${known}`);
}

/** Runs the script of a lifecycle step with the properties beside it. */
type Run = (
    operation: Operation,
    script: string,
    properties: PropertyMap,
    lines: OutputLines,
) => Promise<CommandOutput>;

const runs: Readonly<Record<string, Run>> = {
    "command:remote:Command": runRemote,
    "command:local:Command": runLocal,
};

/** The `pulumi-resource-command` plugin: remote and local commands and copies to remote hosts. */
export class CommandPlugin implements ResourcePlugin {
    readonly name = "command";
    readonly version = commandPluginVersion;

    constructor(private readonly engineLog: EngineLog) {}

    /** The provider has no configuration. */
    configure(): Promise<void> {
        return Promise.resolve();
    }

    async checkConfig(news: PropertyMap) {
        return { inputs: news, failures: [] };
    }

    async diffConfig(oldInputs: PropertyMap, newInputs: PropertyMap): Promise<DiffResult> {
        return { diffs: propertyDiffs(oldInputs, newInputs), replaces: [] };
    }

    async check(resource: ResourceRef, _olds: PropertyMap, news: PropertyMap) {
        const { inputs, failures } = checkProperties(news, inputsOf(resource.type));
        const source = resource.type === copyType ? checkSource(inputs["source"]) : [];
        return { inputs, failures: [...failures, ...source] };
    }

    /** Every changed input is an update; a change of all triggers at once is a replacement. */
    async diff(resource: ResourceRef, { oldInputs, newInputs }: Change): Promise<DiffResult> {
        const known = inputsOf(resource.type);
        const wanted = Object.fromEntries(Object.entries(newInputs).filter(([name]) => name in known));
        const diffs = propertyDiffs(oldInputs, wanted);
        return { diffs, replaces: diffs.has("triggers") ? ["triggers"] : [] };
    }

    async create(operation: Operation, inputs: PropertyMap, preview: boolean) {
        inputsOf(operation.type);
        const isCopy = operation.type === copyType;
        const id = `${isCopy ? "" : operation.name}${randomBytes(4).toString("hex")}`;
        if (isCopy) {
            if (!preview) await copyToRemote(operation, plainProperties(inputs));
            return { id: preview ? "" : id, state: inputs };
        }
        if (preview) return { id, state: { ...inputs, stdout: unknown, stderr: unknown } };
        const none = { stdout: "", stderr: "" };
        const output = await this.step(operation, inputs["create"], { ...inputs, ...none });
        return { id, state: { ...inputs, ...(output ?? none) } };
    }

    async update(operation: Operation, change: Change, preview: boolean): Promise<PropertyMap> {
        const { newInputs, oldState } = change;
        if (operation.type === copyType) {
            const [olds, news] = [plainProperties(oldState), plainProperties(newInputs)];
            if (!preview && copyNeeded(olds, news)) await copyToRemote(operation, news);
            return newInputs;
        }
        const previous = { stdout: oldState["stdout"], stderr: oldState["stderr"] };
        if (preview) return { ...newInputs, ...previewOutputs(operation.type, change, previous) };
        const script = newInputs["update"] ?? newInputs["create"];
        const output = await this.step(operation, script, { ...newInputs, ...previous });
        return { ...newInputs, ...(output ?? previous) };
    }

    async read(_operation: Operation, current: ReadResult): Promise<ReadResult> {
        return current;
    }

    async delete(operation: Operation, _id: string, state: PropertyMap): Promise<void> {
        if (operation.type !== copyType) await this.step(operation, state["delete"], state);
    }

    async invoke(token: string): Promise<PropertyMap> {
        throw new Error(`the lab's stand-in for the command plugin has no function ${token}`);
    }

    /** Runs one lifecycle script, if there is one, and streams its output to the engine as it comes. */
    private async step(operation: Operation, script: unknown, properties: PropertyMap) {
        const text = plain(script);
        if (typeof text !== "string") return undefined;
        const run = runs[operation.type];
        if (run === undefined) throw new Error(`${operation.type} runs no commands`);
        const values = plainProperties(properties);
        const lines = new OutputLines(operation.urn, values["logging"], this.engineLog);
        try {
            const output = await run(operation, text, values, lines);
            lines.requireShortLines();
            return output;
        } finally {
            await lines.end();
        }
    }
}

function plainProperties(properties: PropertyMap): PropertyMap {
    return plain(properties) as PropertyMap;
}

/** In a preview, outputs stay known only when no input that was there before has changed or become unknown. */
function previewOutputs(type: string, { newInputs, oldState }: Change, previous: PropertyMap): PropertyMap {
    const changed = Object.keys(inputsOf(type)).some(
        (name) => containsUnknown(newInputs[name]) || (name in oldState && !equal(newInputs[name], oldState[name])),
    );
    return changed ? { stdout: unknown, stderr: unknown } : previous;
}
