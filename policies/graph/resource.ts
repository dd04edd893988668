import { type Value, at, text } from "./value";

/** One resource of a stack, component or not, as rules read it. */
export interface GraphResource {
    readonly urn: string;
    /** Pulumi's type token, for example `kubernetes:apps/v1:Deployment`. */
    readonly type: string;
    /** The name in the program. */
    readonly name: string;
    readonly properties: Value;
    readonly protect: boolean;
    readonly deleteBeforeReplace: boolean;
}

/** A resource as far as its type tells. */
export type Typed = Pick<GraphResource, "type">;

/** How a finding calls a resource: Kubernetes objects by kind, namespace and name, all else by their name in the program. */
export function nameOf(resource: GraphResource): string {
    const kind = resource.type.split(":").at(-1) ?? resource.type;
    if (!resource.type.startsWith("kubernetes:")) return `${kind} ${resource.name}`;
    const namespace = text(at(resource.properties, "metadata", "namespace"));
    const name = text(at(resource.properties, "metadata", "name")) ?? resource.name;
    return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
