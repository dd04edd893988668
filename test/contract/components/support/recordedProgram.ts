import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs, Mocks } from "@pulumi/pulumi/runtime";
import { framed } from "../../../fakes/remoteHost";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** One resource as the engine gets it, with the options that mocks do not see. */
export interface Recorded {
    readonly type: string;
    readonly name: string;
    readonly parent: string | undefined;
    readonly options: pulumi.CustomResourceOptions;
    /** Names of what it explicitly waits for. */
    readonly dependsOn: readonly string[];
    /** As they go over the wire: secrets are wrapped. */
    readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a program registered, and when the engine began and finished each resource. */
export class RecordedProgram {
    /** Resources of providers by name; a component may have the name of its only child. */
    readonly resources = new Map<string, Recorded>();
    readonly components: Recorded[] = [];
    private readonly moments: string[] = [];

    constructor(private readonly registered: Map<string, MockResourceArgs>) {}

    static async of(
        build: (options: pulumi.ComponentResourceOptions) => unknown,
        { outputs = {}, preview = false }: { outputs?: Readonly<Record<string, object>>; preview?: boolean } = {},
    ): Promise<RecordedProgram> {
        const registered = new Map<string, MockResourceArgs>();
        const program = new RecordedProgram(registered);
        await pulumi.runtime.setMocks(program.engine(outputs, preview), "quorate", "test", preview);
        const seen: pulumi.ResourceTransformationArgs[] = [];
        const record: pulumi.ResourceTransformation = (args) => {
            seen.push(args);
            return undefined;
        };
        const built = build({ transformations: [record] });
        await built;
        for (const args of seen) await program.add(args);
        return program;
    }

    /** The one resource of this name. */
    get(name: string): Recorded {
        const found = this.resources.get(name);
        if (found === undefined) throw new Error(`no ${name}; there are ${[...this.resources.keys()].join(", ")}`);
        return found;
    }

    ofType(type: string): readonly Recorded[] {
        return [...this.resources.values()].filter((resource) => resource.type === type);
    }

    /** Whether the engine began one resource only when it had finished the other. */
    inTurn(first: string, second: string): boolean {
        const [ended, began] = [this.moments.indexOf(`end ${first}`), this.moments.indexOf(`begin ${second}`)];
        if (ended < 0 || began < 0) throw new Error(`${first} or ${second} was never registered`);
        return ended < began;
    }

    private engine(outputs: Readonly<Record<string, object>>, preview: boolean): Mocks {
        return {
            call: () => ({}),
            newResource: async (args) => {
                if (args.custom !== true) return { id: undefined, state: args.inputs as object };
                this.registered.set(args.name, args);
                this.moments.push(`begin ${args.name}`);
                // Long enough for everything that does not wait for this one to begin.
                await new Promise((resolve) => setTimeout(resolve, 5));
                this.moments.push(`end ${args.name}`);
                const known = preview ? {} : { stdout: framed(""), stderr: "", ...outputs[args.name] };
                return { id: preview ? undefined : `${args.name}-id`, state: { ...args.inputs, ...known } };
            },
        };
    }

    private async add({ type, name, resource, opts }: pulumi.ResourceTransformationArgs): Promise<void> {
        await settled(resource.urn);
        const custom = pulumi.CustomResource.isInstance(resource);
        const recorded = {
            type,
            name,
            parent: opts.parent && (await nameOf(opts.parent)),
            options: opts,
            dependsOn: await Promise.all([opts.dependsOn ?? []].flat().map((item) => nameOf(item as pulumi.Resource))),
            inputs: (custom ? this.registered.get(name)?.inputs : {}) as Record<string, unknown>,
        };
        if (custom) this.resources.set(name, recorded);
        else this.components.push(recorded);
    }
}

/** The value of an output; undefined while it is unknown. */
export function settled<T>(output: pulumi.Output<T>): Promise<T> {
    return (output as unknown as { promise(withUnknowns?: boolean): Promise<T> }).promise(false);
}

async function nameOf(resource: pulumi.Resource): Promise<string> {
    return (await settled(resource.urn)).split("::").at(-1) ?? "";
}

export function isSecret(value: unknown): boolean {
    return typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET;
}

/** A value without its wrapping. */
export function plain<T = unknown>(value: unknown): T {
    return (isSecret(value) ? (value as { value: unknown }).value : value) as T;
}

/** What everybody may read of a value: the state file and the log of a preview show it. */
export function publicText(value: unknown): string {
    return JSON.stringify(value, (_, inner: unknown) => (isSecret(inner) ? "(secret)" : inner));
}
