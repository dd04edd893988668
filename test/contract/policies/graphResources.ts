import type { GraphResource } from "../../../policies/graph/resource";
import type { Value } from "../../../policies/graph/value";
import { type RecordedProgram, plain } from "../components/support/recordedProgram";

/** What a program registered, as rules read it. */
export function graphResources(program: RecordedProgram): readonly GraphResource[] {
    return [...program.components, ...program.resources.values()].map(({ type, name, inputs, options }) => ({
        urn: name,
        type,
        name,
        properties: unwrapped(inputs),
        protect: options.protect === true,
        deleteBeforeReplace: options.deleteBeforeReplace === true,
    }));
}

function unwrapped(wrapped: unknown): Value {
    const value = plain(wrapped);
    if (Array.isArray(value)) return value.map(unwrapped);
    if (typeof value !== "object" || value === null) return value as Value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapped(inner)]));
}
